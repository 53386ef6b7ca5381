# Reference values from spatstat.linnet, for a line of 100 km with 60 points of two types.
#
# Debian: apt-get install r-base-core r-cran-spatstat r-cran-spatstat.linnet
# Run here: Rscript spatstat.R
# It writes spatstat_points.csv, spatstat_k.csv and spatstat_density.csv; the versions stand in
# spatstat_versions.txt. The tests read the files and do not need R.

suppressPackageStartupMessages({
  library(spatstat.geom)
  library(spatstat.random)
  library(spatstat.explore)
  library(spatstat.linnet)
})
options(digits = 15)
table <- function(...) data.frame(..., check.names = FALSE)
save <- function(x, name) write.csv(format(x, digits = 15), name, row.names = FALSE, quote = FALSE)

length_km <- 100
u <- ((1:60) * (sqrt(5) - 1) / 2) %% 1
x <- length_km * u^1.7 # crowded towards the start
type <- factor(ifelse((1:60) %% 3 == 0, "a", "b"))
save(table(km = x, type = type), "spatstat_points.csv")

line <- linnet(ppp(c(0, length_km), c(0, 0), c(-1, length_km + 1), c(-1, 1)), edges = cbind(1, 2))
# By default what lies within 0.1 km past an end still counts as on the line.
line$toler <- 1e-9
all <- lpp(ppp(x, 0 * x, c(-1, length_km + 1), c(-1, 1)), line)
marked <- lpp(ppp(x, 0 * x, c(-1, length_km + 1), c(-1, 1), marks = type), line)

r <- seq(0, 40, by = 0.5)
ang <- linearK(all, r = r, correction = "Ang")
none <- linearK(all, r = r, correction = "none")
cross <- linearKcross(marked, "a", "b", r = r, correction = "Ang")
intensity <- function(x, y, ...) 0.9 - 0.006 * x # per km
inhomogeneous <- linearKinhom(all, lambda = intensity, r = r, correction = "Ang", normalise = FALSE)
save(table(r = r, ang = ang$est, none = none$est, cross = cross$est,
           inhomogeneous = inhomogeneous$est), "spatstat_k.csv")

at_points <- function(kernel, sigma, leaveoneout) {
  as.numeric(densityEqualSplit(all, sigma, kernel = kernel, continuous = TRUE, at = "points",
                               leaveoneout = leaveoneout, verbose = FALSE))
}
save(table(gaussian_4 = at_points("gaussian", 4, FALSE),
           epanechnikov_4 = at_points("epanechnikov", 4, FALSE),
           gaussian_15 = at_points("gaussian", 15, FALSE),
           without_gaussian_4 = at_points("gaussian", 4, TRUE),
           without_epanechnikov_4 = at_points("epanechnikov", 4, TRUE)), "spatstat_density.csv")

writeLines(c(R.version.string,
             paste("spatstat.linnet", packageVersion("spatstat.linnet")),
             paste("spatstat.explore", packageVersion("spatstat.explore"))), "spatstat_versions.txt")
