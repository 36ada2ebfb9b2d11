/** The starter notebook of an export, as nbformat 4.5: the same text every time, so that changes by hand are seen. */
export function notebookText(): string {
  const cells = CELLS.map(([kind, text], index) => ({
    cell_type: kind,
    id: `cell-${index + 1}`,
    metadata: {},
    ...(kind === 'code' ? { execution_count: null, outputs: [] } : {}),
    source: text.split(/(?<=\n)/),
  }));
  const notebook = {
    cells,
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

const CELLS: readonly (readonly [kind: 'markdown' | 'code', text: string])[] = [
  [
    'markdown',
    `# Your coding agents, in numbers

This notebook reads the export in its folder: Parquet files, and \`views.sql\`, which gives a plain DuckDB the views of agenttrace.
It needs \`pip install duckdb pandas polars matplotlib\`. Change it as you like: a later export leaves a changed notebook alone.

Every view and column is described in \`manifest.json\` and, in the tool, by \`agenttrace schema\`.`,
  ],
  [
    'code',
    `import os
from pathlib import Path

import duckdb
import matplotlib.pyplot as plt
import pandas as pd
import polars as pl

folder = Path(os.environ.get("AGENTTRACE_EXPORT", ".")).resolve()
db = duckdb.connect()
db.execute("set TimeZone = 'UTC'")  # where days begin
db.execute("set variable agenttrace_folder = ?", [str(folder)])
db.execute((folder / "views.sql").read_text(encoding="utf-8"))

plt.rcParams.update({
    "figure.dpi": 110, "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True, "legend.frameon": False,
    "axes.prop_cycle": plt.cycler(color=[
        "#3b6fb6", "#e08a3c", "#4f9d69", "#c2504d", "#8467a8", "#8c7a63", "#d180ad", "#7f7f7f", "#b5a642", "#46a9b8",
    ]),
})



def over_time(frame):
    """Fills in the days without a row, and sums up weeks where there are more than 120 days; with the width of a bar, and the unit."""
    if len(frame) == 0:
        return frame, 0.85, "day"
    frame.index = pd.to_datetime(frame.index)
    frame = frame.reindex(pd.date_range(frame.index.min(), frame.index.max()), fill_value=0)
    if len(frame) <= 120:
        return frame, 0.85, "day"
    return frame.resample("W-MON", label="left", closed="left").sum(), 6, "week"


def stack_bars(ax, frame, width, colors=None):
    bottom = pd.Series(0.0, index=frame.index)
    for number, name in enumerate(frame):
        ax.bar(frame.index, frame[name], bottom=bottom, label=name, width=width, color=colors and colors[number])
        bottom = bottom + frame[name]
    if len(frame):
        ax.set_ylim(0, bottom.max() * 1.06 or 1)
        ax.xaxis.set_major_formatter(plt.matplotlib.dates.ConciseDateFormatter(ax.xaxis.get_major_locator()))
    ax.grid(axis="y", alpha=0.3)


db.sql("""
    select
        count(*) as sessions,
        sum(llm_call_count) as calls,
        sum(total_tokens) as tokens,
        sum(cost_usd) as cost_usd,
        sum(unpriced_call_count) as unpriced_calls,
        strftime(min(started_at), '%Y-%m-%d %H:%M') as first_at,
        strftime(max(ended_at), '%Y-%m-%d %H:%M') as last_at,
    from sessions
""").df().T`,
  ],
  [
    'markdown',
    `## Cost by day

The list price of what was used, by model. Calls without a known price have no cost: the table above says how many there are.`,
  ],
  [
    'code',
    `daily = db.sql("""
    with ranked as (
        select model, row_number() over (order by sum(cost_usd) desc nulls last) as place
        from daily_cost
        group by model
    )
    select
        day_on,
        if(place <= 9, coalesce(daily_cost.model, 'unknown'), 'others') as shown_model,
        cast(sum(cost_usd) as double) as cost_usd,
    from daily_cost
    inner join ranked on ranked.model is not distinct from daily_cost.model
    where day_on is not null and cost_usd is not null
    group by all
""").df()
by_day = daily.pivot_table(index="day_on", columns="shown_model", values="cost_usd", aggfunc="sum").fillna(0)
by_day = by_day[sorted(by_day, key=lambda model: (model == "others", -by_day[model].sum()))]
by_day, width, unit = over_time(by_day)

fig, ax = plt.subplots(figsize=(10, 4))
stack_bars(ax, by_day, width)
ax.set_title(f"Cost by {unit} and model", loc="left")
ax.set_ylabel("USD")
if len(by_day):
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.tight_layout()
plt.show()`,
  ],
  [
    'markdown',
    `## Tools that fail

Failed calls among those that ended well or failed; refused and interrupted calls are neither.`,
  ],
  [
    'code',
    `tools = db.sql("""
    select
        coalesce(mcp_server || ' · ', '') || coalesce(tool_name, 'unknown') as tool,
        cast(sum(tool_failure_count) as bigint) as failed,
        cast(sum(tool_ended_count) as bigint) as ended,
        100 * failed / ended as failed_percent,
    from tool_latency
    group by all
    having failed > 0
    order by failed desc, tool
    limit 15
""").df()

fig, ax = plt.subplots(figsize=(10, 0.9 + 0.34 * max(len(tools), 3)))
ax.barh(tools["tool"], tools["failed"], color="#c2504d")
for y, row in enumerate(tools.itertuples()):
    ax.text(row.failed, y, f"  {row.failed_percent:.0f} % of {row.ended:,}", va="center", fontsize=9)
ax.invert_yaxis()
ax.set_title("Failed tool calls, and how often the tool fails", loc="left")
ax.set_xlabel("failed calls")
ax.margins(x=0.18)
ax.xaxis.get_major_locator().set_params(integer=True)
plt.tight_layout()
plt.show()`,
  ],
  [
    'markdown',
    `## Where the time goes

What sessions waited for: the five kinds add up to the time from a session's first event to its last. Human time is from the
model's last word to the next prompt, and from a question to its answer: a person's, no slowness.`,
  ],
  [
    'code',
    `colors = {"model": "C0", "tool": "C1", "permission": "C2", "unknown": "#8f959c", "human": "#d5d8dc"}
kinds = list(colors)
split = db.sql("""
    select
        coalesce(sessions.project, 'no project') as project,
        sum(model_ms) / 3.6e6 as model,
        sum(tool_ms) / 3.6e6 as tool,
        sum(permission_ms) / 3.6e6 as permission,
        sum(unknown_ms) / 3.6e6 as unknown,
        sum(human_ms) / 3.6e6 as human,
    from session_latency
    inner join sessions using (session_id)
    group by all
    order by sum(model_ms + tool_ms + permission_ms + unknown_ms) desc nulls last, project
    limit 12
""").df().fillna(0).set_index("project")

fig, axes = plt.subplots(1, 2, figsize=(10, 1.4 + 0.34 * max(len(split), 2)), sharey=True)
for ax, shown, title in [(axes[0], kinds[:4], "The agent's time"), (axes[1], kinds, "With the person's")]:
    left = pd.Series(0.0, index=split.index)
    for kind in shown:
        ax.barh(split.index, split[kind], left=left, label=kind, color=colors[kind])
        left = left + split[kind]
    ax.set_title(title, loc="left")
    ax.set_xlabel("hours")
axes[0].invert_yaxis()
fig.legend(*axes[1].get_legend_handles_labels(), loc="lower center", ncols=5)
plt.tight_layout(rect=(0, 0.35 / fig.get_figheight(), 1, 1))
plt.show()`,
  ],
  [
    'markdown',
    `## How well the cache is used

Input by class, and the share of it that was read from a cache. What it cost to fill a cache again is in \`waste\`.`,
  ],
  [
    'code',
    `cache = db.sql("""
    select
        day_on,
        sum(cache_read_tokens) / 1e6 as "read from cache",
        sum(coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)) / 1e6 as "written to cache",
        sum(uncached_input_tokens) / 1e6 as "not cached",
    from daily_cost
    where day_on is not null
    group by day_on
    order by day_on
""").df().fillna(0).set_index("day_on")
hits = db.sql("""
    select
        coalesce(model, 'unknown') as model,
        100 * sum(cache_read_tokens) / sum(
            coalesce(uncached_input_tokens, 0) + coalesce(cache_read_tokens, 0)
            + coalesce(cache_write_5m_tokens, 0) + coalesce(cache_write_1h_tokens, 0)
        ) as hit_percent,
        sum(total_tokens) as total_tokens,
    from model_cost
    group by all
    having hit_percent is not null
    order by total_tokens desc
    limit 12
""").df()

cache, width, unit = over_time(cache)

fig, axes = plt.subplots(1, 2, figsize=(10, 4), width_ratios=[3, 2])
stack_bars(axes[0], cache, width, ["#4f9d69", "#e08a3c", "#c2504d"])
axes[0].set_title(f"Input by {unit}", loc="left")
axes[0].set_ylabel("million tokens")
axes[0].legend()
axes[1].barh(hits["model"], hits["hit_percent"], color="#4f9d69")
for y, value in enumerate(hits["hit_percent"]):
    axes[1].text(value, y, f" {value:.0f} %", va="center", fontsize=9)
axes[1].invert_yaxis()
axes[1].set_xlim(0, 115)
axes[1].set_xticks(range(0, 101, 25))
axes[1].set_title("Share of input read from a cache, %", loc="left")
plt.tight_layout()
plt.show()`,
  ],
  [
    'markdown',
    `## The same files in pandas

A fact is a folder of Parquet files, one for each UTC day; a dimension is one file. Keys such as \`session_id\` join them.`,
  ],
  [
    'code',
    `calls = pd.read_parquet(folder / "facts" / "llm_calls", columns=["session_id", "model", "output_tokens", "cost_usd"])
sessions = pd.read_parquet(folder / "dimensions" / "sessions.parquet", columns=["session_id", "project", "health_score"])
joined = calls.merge(sessions, on="session_id")
joined["cost_usd"] = joined["cost_usd"].astype(float)
joined.groupby("project", dropna=False).agg(
    calls=("session_id", "size"),
    output_tokens=("output_tokens", "sum"),
    cost_usd=("cost_usd", "sum"),
    sessions=("session_id", "nunique"),
).sort_values("cost_usd", ascending=False).head(10)`,
  ],
  ['markdown', `## The same files in Polars`],
  [
    'code',
    `(
    pl.scan_parquet(folder / "facts" / "tool_calls" / "**" / "*.parquet", hive_partitioning=True)
    .group_by("tool_category")
    .agg(
        pl.len().alias("calls"),
        (pl.col("status") == "failed").sum().alias("failed"),
        pl.col("duration_ms").median().alias("median_ms"),
        pl.col("duration_ms").quantile(0.95, interpolation="higher").alias("p95_ms"),
    )
    .sort("calls", descending=True)
    .collect()
)`,
  ],
  ['markdown', `## What to look at first\n\nThe sessions with the lowest health, and why.`],
  [
    'code',
    `db.sql("""
    select
        session_id,
        project,
        health_score,
        cost_usd,
        list_transform(deductions, lambda found: found.severity || ' ' || found.type) as why,
    from session_health
    inner join sessions using (session_id, health_score)
    where health_score is not null
    order by health_score, cost_usd desc nulls last, session_id
    limit 10
""").df()`,
  ],
];
