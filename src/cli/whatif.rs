//! `plan --what-if`: as things are and as they would be.

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, LineStyle, Table};

use super::args::{Format, Plan, WhatIf};
use super::plan::{deliver, settings};
use super::ticker::Ticker;
use super::{Ending, bill, interrupt, screen};
use crate::app::board::board;
use crate::app::brief::Brief;
use crate::app::changing::{Wanted, contrasted, wanted};
use crate::app::documents::{Question, written};
use crate::app::files::{self, Target};
use crate::app::{Failure, sources};
use crate::calendar::Moment;
use crate::model::contrast::{Contrast, TicketSide};
use crate::model::lang::Lang;
use crate::report::html;
use crate::time::Money;

/// Milliseconds of search for each of the two plans when nothing is said.
const DEFAULT_BUDGET: u64 = 5_000;

/// Tickets a table shows.
const MOST_ROWS: usize = 30;

/// The changes asked for, if any.
pub(crate) fn asked(what_if: &WhatIf) -> Result<Option<Wanted>, Failure> {
    let file = what_if.what_if.as_deref().map(files::read).transpose()?;
    let mut briefs = Brief::changes("--set", &what_if.set);
    briefs.extend(Brief::people("--add-person", &what_if.add_person));
    wanted(file, briefs)
}

/// Plans both and prints the comparison; `out` and `report` get the plan as it would be.
pub(crate) fn run(
    asked: &Plan,
    (question, wanted): (&Question, &Wanted),
    [out, report]: [Option<Target>; 2],
    lang: Lang,
) -> Result<Ending, Failure> {
    if asked.format == Format::Csv {
        return Err(Failure::wish(
            "--format csv 只用于一份计划；对比请用 table 或 json",
            "--format csv is for one plan; a comparison is printed as table or json",
        ));
    }
    let previous = sources::previous(question, asked.previous.as_deref())?;
    interrupt::watch();
    let mut ticker = Ticker::new(lang, asked.progress_every);
    let settings = settings(&asked.search, DEFAULT_BUDGET);
    let found = contrasted(question, wanted, previous.as_ref(), &settings, &mut |at| {
        ticker.show(at);
        !interrupt::is_asked()
    });
    ticker.finish();
    let (contrast, other, after) = found?;
    if let Some(target) = &out {
        deliver(&written(&after.plan), target, lang)?;
    }
    if let Some(target) = &report {
        deliver(&html::render(&board(&other, &after.plan, &after.report), lang), target, lang)?;
    }
    screen::print(&match asked.format {
        Format::Json => written(&contrast),
        _ => table(&contrast, lang),
    })?;
    Ok(if interrupt::is_asked() { Ending::Interrupted } else { Ending::Done })
}

/// The comparison as tables.
fn table(contrast: &Contrast, lang: Lang) -> String {
    let (before, after) = (&contrast.before, &contrast.after);
    let mut costs = plain();
    let head = lang.of(
        ["费用（¥）", "现状", "假设", "相差"],
        ["cost (¥)", "as it is", "as it would be", "difference"],
    );
    costs.set_header(head);
    let bound = lang.of("下界", "bound");
    let rows = bill::parts(&before.cost, lang).into_iter().zip(bill::parts(&after.cost, lang));
    let rows = rows.map(|((name, old), (_, new))| (name, old, new));
    for (name, old, new) in rows.chain([(bound, before.bound_fen, after.bound_fen)]) {
        costs.add_row([name.to_owned(), old.to_string(), new.to_string(), difference(old, new)]);
    }
    for (name, old, new) in [
        (lang.of("逾期工单", "late tickets"), before.late, after.late),
        (lang.of("未排入工单", "tickets left out"), before.unserved, after.unserved),
    ] {
        let change = i64::from(new) - i64::from(old);
        costs.add_row([name.to_owned(), old.to_string(), new.to_string(), format!("{change:+}")]);
    }
    aligned(&mut costs, 1..4);
    let (people, start) = (contrast.other_people, contrast.other_start);
    let moved = lang.of(
        format!("{people} 个步骤换人，{start} 个步骤改时间\n"),
        format!("{people} steps go to other people, {start} to another time\n"),
    );
    format!("{costs}\n{moved}{}", tickets(contrast, lang))
}

fn tickets(contrast: &Contrast, lang: Lang) -> String {
    if contrast.tickets.is_empty() {
        return String::new();
    }
    let mut rows = plain();
    rows.set_header(lang.of(
        ["工单", "现状完成", "假设完成", "费用相差（¥）"],
        ["ticket", "finishes", "would finish", "difference (¥)"],
    ));
    let mut told: Vec<_> = contrast.tickets.iter().collect();
    let cost = |side: Option<TicketSide>| side.map_or(Money::ZERO, |side| side.cost_fen);
    told.sort_by_key(|row| -(cost(row.before).0 - cost(row.after).0).abs());
    for row in told.iter().take(MOST_ROWS) {
        let change = difference(cost(row.before), cost(row.after));
        let (old, new) = (finish(row.before, lang), finish(row.after, lang));
        rows.add_row([row.ticket.clone(), old, new, change]);
    }
    aligned(&mut rows, 3..4);
    let left = told.len().saturating_sub(MOST_ROWS);
    let more = match left {
        0 => String::new(),
        _ => lang.of(
            format!("另有 {left} 张工单，见 --format json\n"),
            format!("{left} more tickets are in --format json\n"),
        ),
    };
    format!("{rows}\n{more}")
}

fn finish(side: Option<TicketSide>, lang: Lang) -> String {
    let shown = |finish: Moment| finish.to_string().chars().take(16).collect();
    match side {
        None => lang.of("—", "—").to_owned(),
        Some(side) => side.finish.map_or_else(|| lang.of("未排入", "left out").to_owned(), shown),
    }
}

/// With its sign.
fn difference(old: Money, new: Money) -> String {
    match new.0 - old.0 {
        0 => "0".to_owned(),
        change if change > 0 => format!("+{}", Money(change)),
        change => format!("−{}", Money(-change)),
    }
}

fn plain() -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()));
    table
}

fn aligned(table: &mut Table, columns: std::ops::Range<usize>) {
    for column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}
