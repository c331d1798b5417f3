# From an export to three charts, in R: readr, dplyr and ggplot2
#
# How alike did two states vote, how much does each depend on trade with the other, and which treaties bind
# them? The same walk as walk.ipynb, which shows the charts and says more of what the numbers mean.
#
#   entente run --sample
#   entente export core.states core.vote_dyads core.treaties core.treaty_parties core.treaty_obligations \
#       indicators.trade_dependence --to export --format csv
#   Rscript docs/notebooks/walk.R export charts
#
# The files are CSV, which every R reads. Where the package arrow is there, Parquet is smaller and keeps its types,
# and a filter reads only the rows that it needs (entente export without --format csv):
#
#   votes <- arrow::open_dataset("export/core.vote_dyads.parquet") |>
#     filter(body == "GA", contested, iso3_a == "CHN") |>
#     collect()

suppressPackageStartupMessages({
  library(readr)
  library(dplyr)
  library(ggplot2)
})

arguments <- commandArgs(trailingOnly = TRUE)
export <- if (length(arguments) > 0) arguments[1] else "export"
charts <- if (length(arguments) > 1) arguments[2] else "charts"
dir.create(charts, showWarnings = FALSE, recursive = TRUE)

state <- "CHN"    # a pair,
partner <- "RUS"
other <- "USA"    # and a third state to compare it with

# An empty cell is a missing value; "NA" would be a code like any other. Columns that are not named here are read as
# readr finds them, on all rows rather than the first thousand.
read <- function(table, ...) {
  read_csv(
    file.path(export, paste0(table, ".csv")), col_types = cols(...), na = "", guess_max = Inf, progress = FALSE
  )
}

# Names for labels. A name that has ended has a valid_to.
short <- c(RUS = "Russia", USA = "United States")
states <- read("core.states", valid_to = col_date()) |> filter(is.na(valid_to))
label <- function(code) coalesce(unname(short[code]), states$name[match(code, states$iso3)])

# Charts without grid, frame and legend: each is labelled where it ends, in colours of Okabe and Ito, with two
# markers.
blue <- "#0072B2"
red <- "#D55E00"
theme_set(
  theme_classic(base_size = 10) +
    theme(
      legend.position = "none", plot.title.position = "plot",
      plot.title = element_text(size = 11, margin = margin(b = 16)),
      plot.caption.position = "plot", plot.caption = element_text(hjust = 0, colour = "grey35"),
      plot.margin = margin(6, 12, 6, 6)
    )
)

# Saves a chart and the numbers in it.
finish <- function(chart, name, table, height = 3.8) {
  ggsave(file.path(charts, paste0(name, ".png")), chart, width = 7, height = height, dpi = 300, type = "cairo")
  write_csv(table, file.path(charts, paste0(name, ".csv")), na = "")
  print(table, n = 30, width = 120)
}

# 1. How alike did they vote? core.vote_dyads has nine counts for each pair, session and year, n12 for yes by the first and
# abstain by the second. Counts add up, so a share over any period is a sum over a sum. Here: the General Assembly,
# contested texts, the share on which both cast the same ballot, by decade, with Wilson's interval at 95 %.
# Fewer than ten votes are too few to report: the chart shows them hollow.

z <- 1.959964
alignment <- read("core.vote_dyads") |>
  filter(
    body == "GA", contested, is_default, iso3_a == state | iso3_b == state,
    iso3_a %in% c(partner, other) | iso3_b %in% c(partner, other)
  ) |>
  mutate(iso3 = if_else(iso3_a == state, iso3_b, iso3_a), decade = year %/% 10 * 10) |>
  group_by(iso3, decade) |>
  summarise(
    same = sum(n11 + n22 + n33), n = sum(n11 + n12 + n13 + n21 + n22 + n23 + n31 + n32 + n33), .groups = "drop"
  ) |>
  mutate(
    share = same / n,
    centre = (share + z^2 / (2 * n)) / (1 + z^2 / n),
    half = z / (1 + z^2 / n) * sqrt(share * (1 - share) / n + z^2 / (4 * n^2)),
    low = pmax(0, centre - half), high = pmin(1, centre + half)
  ) |>
  select(-centre, -half) |>
  arrange(iso3, decade)

shown <- alignment |>
  mutate(
    side = if_else(iso3 == partner, -1, 1), x = decade + 5 + 0.6 * side,   # apart, so that no bar hides another
    shape = paste(if_else(n < 10, "few", "enough"), if_else(iso3 == partner, "partner", "other"))
  )
ends <- shown |> group_by(iso3) |> slice_max(decade) |> ungroup()
chart <- ggplot(shown, aes(x, share, colour = iso3)) +
  geom_linerange(aes(ymin = low, ymax = high)) +
  geom_point(aes(shape = shape), fill = "white", size = 2.2) +
  geom_text(aes(x + 0.55 * side, label = paste(same, "of", n), hjust = (1 - side) / 2), size = 2.8) +
  geom_text(aes(y = high, label = paste0(label(state), "\u2013", label(iso3))), ends, vjust = -0.7, size = 3.5) +
  scale_colour_manual(values = setNames(c(blue, red), c(partner, other))) +
  scale_shape_manual(values = c("enough partner" = 16, "few partner" = 21, "enough other" = 15, "few other" = 22)) +
  scale_x_continuous(
    breaks = unique(alignment$decade) + 5, labels = paste0(unique(alignment$decade), "s"),
    limits = range(alignment$decade) + c(0, 10), expand = expansion(0)
  ) +
  scale_y_continuous(breaks = seq(0, 1, 0.2), limits = c(0, 1), expand = expansion(mult = 0.03)) +
  coord_cartesian(clip = "off") +
  theme(axis.ticks.x = element_blank()) +
  labs(
    title = "Contested votes of the General Assembly on which both cast the same ballot", x = NULL, y = "share of votes",
    caption = paste(
      "Source: UN General Assembly roll calls (Voeten). Bars: 95 % Wilson intervals. Hollow: fewer than ten votes"
    )
  )
finish(chart, "alignment", alignment)

# 2. How much does each depend on trade with the other? Trade in both directions over the gross domestic product of each
# side. method and source are choices: take one of each.

pair <- sort(c(state, partner))   # a pair stands once, in order of the codes
trade <- read("indicators.trade_dependence") |>
  filter(iso3_a == pair[1], iso3_b == pair[2], method == "import_priority", is_default)
dependence <- bind_rows(
  transmute(trade, year, trade_usd, iso3 = iso3_a, share = dependence_a_share),
  transmute(trade, year, trade_usd, iso3 = iso3_b, share = dependence_b_share)
) |>
  filter(!is.na(share)) |>
  arrange(iso3, year)

ends <- dependence |> group_by(iso3) |> slice_max(year) |> ungroup()
chart <- ggplot(dependence, aes(year, 100 * share, colour = iso3, shape = iso3)) +
  geom_line() +
  geom_point(size = 2.2) +
  scale_shape_manual(values = setNames(c(16, 15), c(state, partner))) +
  geom_text(aes(label = label(iso3)), ends, hjust = 0, nudge_x = 0.5, size = 3.3) +
  scale_colour_manual(values = setNames(c(blue, red), c(state, partner))) +
  scale_x_continuous(expand = expansion(mult = c(0.03, 0.14))) +
  scale_y_continuous(limits = c(0, NA), expand = expansion(mult = c(0, 0.05))) +
  labs(
    title = paste0("Trade between ", label(state), " and ", label(partner), ", beside the economy of each"), x = NULL,
    y = "% of its gross domestic product",
    caption = "Source: Correlates of War (importer's report first), World Bank. Points: years with data"
  )
finish(chart, "dependence", dependence)

# 3. Which treaties bind them? From the day on which the later one joined to the day on which the first one left, or to
# now. Several sources describe one treaty, each for itself, so choose: here ATOP, which knows alliances by number and codes
# what they oblige to, and DESTA, which lists trade agreements.

parties <- read("core.treaty_parties", valid_from = col_date(), valid_to = col_date()) |>
  select(treaty_id, iso3, valid_from, valid_to)
obligations <- read("core.treaty_obligations") |>
  filter(method == "coded") |>
  group_by(treaty_id) |>
  summarise(obligations = paste(sort(unique(obligation)), collapse = ", "))
titles <- read("core.treaties") |> filter(source %in% c("atop", "desta")) |> select(treaty_id, source, title, kind)
treaties <- inner_join(
  filter(parties, iso3 == state), filter(parties, iso3 == partner), by = "treaty_id", suffix = c("", "_partner")
) |>
  mutate(
    from = pmax(valid_from, valid_from_partner),
    to = pmin(valid_to, valid_to_partner, na.rm = TRUE)   # missing: in force
  ) |>
  filter(is.na(to) | from < to) |>
  inner_join(titles, by = "treaty_id") |>
  left_join(obligations, by = "treaty_id") |>
  arrange(from, treaty_id) |>
  select(treaty_id, source, kind, title, obligations, from, to)

last <- c(atop = 2018, desta = 2020)   # the year with which each source's record ends
shown <- treaties |>
  mutate(
    row = row_number(),
    stop = coalesce(to, as.Date(paste0(last[source] + 1, "-01-01"))),
    late = from > as.Date("1985-01-01"),   # the words stand where there is room
    what = coalesce(title, paste(toupper(source), sub(".*:", "", treaty_id))),
    what = paste0(what, ", ", kind, if_else(is.na(obligations), "", paste0(": ", obligations))),
    colour = if_else(kind == "alliance", blue, red)
  )
chart <- ggplot(shown, aes(from, row, colour = colour)) +
  geom_segment(aes(xend = stop, yend = row), linewidth = 1.6) +
  geom_point(aes(x = stop), filter(shown, is.na(to)), shape = "\u25B6", size = 3) +
  geom_text(aes(if_else(late, stop, from), label = what, hjust = as.numeric(late)), colour = "black", size = 3.1, vjust = -0.9) +
  scale_colour_identity() +
  scale_x_date(
    breaks = seq(as.Date("1950-01-01"), as.Date("2020-01-01"), "10 years"), date_labels = "%Y",
    expand = expansion(mult = c(0.02, 0.03))
  ) +
  scale_y_reverse(limits = c(nrow(shown) + 0.4, 0.3)) +
  coord_cartesian(clip = "off") +
  theme(axis.line.y = element_blank(), axis.ticks.y = element_blank(), axis.text.y = element_blank()) +
  labs(
    title = paste("Treaties that bind", label(state), "and", label(partner)), x = NULL, y = NULL,
    caption = paste0(
      "Source: ", paste(sort(unique(toupper(treaties$source))), collapse = ", "),
      ". Arrow: in force where the source's record ends"
    )
  )
finish(chart, "treaties", treaties, height = 1 + 0.5 * nrow(treaties))
