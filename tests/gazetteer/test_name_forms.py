"""Forms of names: what spellings differ in goes, what tells names apart stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderline.gazetteer._name_forms import (
    bone_forms,
    fold_names,
    plain_and_bare_forms,
    plain_forms,
    romanise_name,
    sound_forms,
)

names = st.lists(st.text(max_size=30), max_size=6)


def plain(name):
    return plain_forms(fold_names([name]))[0]


def sound(name):
    return sound_forms([plain(name)])[0]


@given(names)
def test_every_form_has_one_value_per_name(words):
    folded = fold_names(words)
    forms = [folded, *plain_and_bare_forms(folded)]
    forms += [sound_forms(forms[1]), bone_forms(forms[1])]
    assert all(len(form) == len(words) for form in forms)


@given(st.text(max_size=40))
def test_folding_folded_names_changes_nothing(name):
    once = fold_names([name])
    assert fold_names(once) == once


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8))
def test_names_are_folded_alone_as_together(words):
    assert fold_names(words) == [fold_names([word])[0] for word in words]


@given(st.text(max_size=30))
def test_composed_and_decomposed_are_one(name):
    forms = {tuple(fold_names([unicodedata.normalize(form, name)])) for form in ("NFC", "NFD")}
    assert len(forms) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ta Phraya District", "taphraya"),
        ("Bântéay Méan-Chey", "Banteay Meanchey"),
        ("O'Smach", "O\u2019Smach"),
        ("จังหวัดสระแก้ว", "สระแก้ว"),
        ("จ. สระแก้ว", "สระเเก้ว"),
        ("ខេត្តបាត់ដំបង", "បាត់\u200bដំបង"),
        ("\u0e19\u0e4d\u0e49\u0e32ยืน", "น้ำยืน"),
        ("ឧត្ដរមានជ័យ", "ឧត្តរមានជ័យ"),
        ("Changwat Surin", "Surin province"),
    ],
)
def test_spellings_with_one_plain_form(one, other):
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Khlong Luek", "Klong Luek"),
        ("Chong Chom", "Chong Jom"),
        ("Sa Kaeo", "Sra Kaew"),
        ("Phakkat", "Pakkad"),
        ("Thmor Puok", "Thmo Puok"),
        ("Preah Vihear", "Preah Wihear"),
        ("เสาธงชัย", "เสาทงไชย"),
    ],
)
def test_spellings_that_sound_alike(one, other):
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Surin", "Sarin"), ("Chong Bok", "Chong Bot"), ("ตราด", "ตาก"), ("Poipet", "Pailin")]
)
def test_different_names_stay_different(one, other):
    assert sound(one) != sound(other)


def test_a_word_for_the_kind_alone_is_kept():
    assert plain("province") == "province"
    assert plain_and_bare_forms(["ban"]) == (["ban"], ["ban"])


@given(st.text(alphabet=st.characters(min_codepoint=0x0E00, max_codepoint=0x17FF), max_size=20))
def test_letters_of_any_text_are_plain(name):
    assert all("a" <= letter <= "z" for letter in romanise_name(name))
