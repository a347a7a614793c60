"""Every check of the catalog, in reading order."""

from bot.checks.alerts import annotations as alerts_annotations
from bot.checks.alerts import comparison as alerts_comparison
from bot.checks.alerts import duplicate as alerts_duplicate
from bot.checks.alerts import for_ as alerts_for
from bot.checks.alerts import labels as alerts_labels
from bot.checks.alerts import load as alerts_load
from bot.checks.alerts import mutation as alerts_mutation
from bot.checks.alerts import syntax as alerts_syntax
from bot.checks.alerts import template as alerts_template
from bot.checks.alerts import test as alerts_test
from bot.checks.alerts import tested as alerts_tested
from bot.checks.base import Check
from bot.checks.dashboards import datasource as dashboards_datasource
from bot.checks.dashboards import empty as dashboards_empty
from bot.checks.dashboards import legend as dashboards_legend
from bot.checks.dashboards import load as dashboards_load
from bot.checks.dashboards import promql as dashboards_promql
from bot.checks.dashboards import rate_interval as dashboards_rate_interval
from bot.checks.dashboards import shape as dashboards_shape
from bot.checks.dashboards import title as dashboards_title
from bot.checks.dashboards import uid as dashboards_uid
from bot.checks.dashboards import unit as dashboards_unit
from bot.checks.dashboards import variable as dashboards_variable
from bot.checks.entry import files as entry_files
from bot.checks.entry import load as entry_load
from bot.checks.entry import name as entry_name
from bot.checks.entry import schema as entry_schema
from bot.checks.entry import unique as entry_unique
from bot.checks.entry import urls as entry_urls
from bot.checks.entry import waiver as entry_waiver
from bot.checks.metrics import conditional as metrics_conditional
from bot.checks.metrics import lint as metrics_lint
from bot.checks.metrics import load as metrics_load
from bot.checks.metrics import private as metrics_private
from bot.checks.metrics import stale as metrics_stale
from bot.checks.queries import absent as queries_absent
from bot.checks.queries import aggregate_before_rate as queries_aggregate_before_rate
from bot.checks.queries import counter as queries_counter
from bot.checks.queries import dead as queries_dead
from bot.checks.queries import hard_coded as queries_hard_coded
from bot.checks.queries import histogram as queries_histogram
from bot.checks.queries import info_metric as queries_info_metric
from bot.checks.queries import join as queries_join
from bot.checks.queries import label as queries_label
from bot.checks.queries import label_value as queries_label_value
from bot.checks.queries import metric as queries_metric
from bot.checks.queries import quantile_literal as queries_quantile_literal
from bot.checks.queries import rate as queries_rate
from bot.checks.queries import ratio as queries_ratio
from bot.checks.queries import regex as queries_regex
from bot.checks.queries import version as queries_version

CHECKS: tuple[Check, ...] = (
    entry_load.CHECK,
    entry_schema.CHECK,
    entry_name.CHECK,
    entry_files.CHECK,
    entry_unique.CHECK,
    entry_urls.CHECK,
    entry_waiver.CHECK,
    alerts_load.CHECK,
    alerts_syntax.CHECK,
    alerts_test.CHECK,
    alerts_tested.CHECK,
    alerts_mutation.CHECK,
    alerts_labels.CHECK,
    alerts_annotations.CHECK,
    alerts_for.CHECK,
    alerts_template.CHECK,
    alerts_duplicate.CHECK,
    alerts_comparison.CHECK,
    dashboards_load.CHECK,
    dashboards_shape.CHECK,
    dashboards_uid.CHECK,
    dashboards_title.CHECK,
    dashboards_datasource.CHECK,
    dashboards_promql.CHECK,
    dashboards_legend.CHECK,
    dashboards_unit.CHECK,
    dashboards_rate_interval.CHECK,
    dashboards_variable.CHECK,
    dashboards_empty.CHECK,
    metrics_load.CHECK,
    metrics_lint.CHECK,
    metrics_private.CHECK,
    metrics_stale.CHECK,
    metrics_conditional.CHECK,
    *queries_metric.CHECKS,
    *queries_label.CHECKS,
    *queries_label_value.CHECKS,
    *queries_counter.CHECKS,
    *queries_rate.CHECKS,
    *queries_aggregate_before_rate.CHECKS,
    *queries_histogram.CHECKS,
    *queries_quantile_literal.CHECKS,
    *queries_info_metric.CHECKS,
    *queries_version.CHECKS,
    *queries_join.CHECKS,
    *queries_dead.CHECKS,
    *queries_ratio.CHECKS,
    *queries_absent.CHECKS,
    *queries_regex.CHECKS,
    *queries_hard_coded.CHECKS,
)
