//! People × time as inline SVG: hours shaded, steps as bars, lateness and extra hours marked by
//! shape and word as well as by colour. Positions are whole drawing units.

use super::bar;
use super::panels::{Panel, WIDTH, panels};
use crate::calendar::Label;
use crate::id::Id;
use crate::report::board::{Board, Bureau, Person};
use crate::report::markup::Markup;
use crate::report::say::{self, each, label};
use crate::report::wall::Wall;
use crate::time::{Span, Tick};

/// How wide the names are drawn.
const NAMES: i64 = 132;
/// Room below the rows for the word at the line of `as_of`.
const FOOT: i64 = 16;
/// How high a bureau's row is.
const BUREAU: i64 = 20;
/// How high a person's row is.
pub(super) const ROW: i64 = 36;

/// Most people in one drawing, so that it can be printed.
const PEOPLE: usize = 18;
/// How high a drawing as wide as the paper may be on a page, and on the first one below the tiles.
const PAGE: i64 = 760;
const FIRST_PAGE: i64 = 530;

/// All charts of the board, or a word that nothing is planned.
pub(super) fn write(page: &mut Markup, board: &Board) {
    let (panels, left) = panels(board);
    if panels.is_empty() {
        let nothing = label("没有要画的步骤。", "There is no step to draw.");
        page.said("p", &[("class", &"note")], &nothing);
        return;
    }
    for (position, panel) in panels.iter().enumerate() {
        self::panel(page, board, panel, position == 0);
    }
    if left > 0 {
        let note = each(|lang| {
            lang.of(
                format!("图中只画最近的日子，另有 {left} 天见下方工单表。"),
                format!("The charts show the nearest days; {left} more are in the tables below."),
            )
        });
        page.said("p", &[("class", &"note")], &note);
    }
    legend(page);
}

/// The panel's charts: one, or several of about the same height where there are many people.
fn panel(page: &mut Markup, board: &Board, panel: &Panel, first: bool) {
    let count = panel.people.len().div_ceil(PEOPLE).max(1);
    let size = panel.people.len().div_ceil(count).max(1);
    for (position, people) in panel.people.chunks(size).enumerate() {
        let heading = heading(panel, position, count);
        let bureaus = if position == 0 { panel.bureaus.as_slice() } else { &[] };
        let chart = Chart::new(board, panel, people, bureaus);
        let paper = if first && position == 0 { FIRST_PAGE } else { PAGE };
        let fit = (paper * 100 / chart.height).min(100);
        page.start("figure", &[("class", &"gantt"), ("style", &format!("--fit:{fit}%"))]);
        page.said("figcaption", &[], &heading);
        page.start("div", &[("class", &"scroll"), ("tabindex", &"0"), ("role", &"group")]);
        page.start("div", &[("class", &"chart")]);
        chart.write(page, &heading, first && position == 0);
        page.end().end().end();
    }
    if panel.people_left > 0 {
        let left = panel.people_left;
        let note = each(|lang| {
            lang.of(format!("另有 {left} 人未画。"), format!("{left} more people are not drawn."))
        });
        page.said("p", &[("class", &"note")], &note);
    }
}

/// One drawing: some people of a panel, and perhaps its bureaus above them.
struct Chart<'a> {
    board: &'a Board,
    panel: &'a Panel,
    people: &'a [Id<Person>],
    bureaus: &'a [Id<Bureau>],
    height: i64,
}

impl<'a> Chart<'a> {
    fn new(
        board: &'a Board,
        panel: &'a Panel,
        people: &'a [Id<Person>],
        bureaus: &'a [Id<Bureau>],
    ) -> Chart<'a> {
        let rows = i64::try_from(people.len()).expect("a chart has few rows");
        let places = i64::try_from(bureaus.len()).expect("a chart has few rows");
        let height = head(panel) + places * BUREAU + rows * ROW + FOOT;
        Chart { board, panel, people, bureaus, height }
    }

    fn write(&self, page: &mut Markup, heading: &Label, first: bool) {
        let Chart { board, panel, height, .. } = *self;
        let sizes = format!("--names:{NAMES};--axis:{WIDTH}");
        page.start("div", &[("class", &"names"), ("style", &sizes)]);
        self.names(page);
        page.end();
        page.start("div", &[("class", &"axis"), ("style", &sizes)]);
        let view = format!("0 0 {WIDTH} {height}");
        page.start("svg", &[("viewBox", &view), ("role", &"group"), ("aria-label", heading)]);
        if first {
            hatch(page);
        }
        hours(page, board, panel, height);
        let mut top = head(panel);
        for bureau in self.bureaus {
            bureau_row(page, board, panel, *bureau, top);
            top += BUREAU;
        }
        for person in self.people {
            bar::row(page, board, panel, &board.people[*person], top);
            top += ROW;
        }
        if panel.span.contains(board.as_of) {
            now(page, panel.axis.x(board.as_of), height);
        }
        page.end().end();
    }

    /// The names on the left, which stay in sight while the chart scrolls.
    fn names(&self, page: &mut Markup) {
        let Chart { board, panel, height, .. } = *self;
        let view = format!("0 0 {NAMES} {height}");
        page.start("svg", &[("viewBox", &view), ("aria-hidden", &"true")]);
        let mut top = head(panel);
        for id in self.bureaus {
            let name = bar::clipped(&board.bureaus[*id].name, NAMES - 12, 10);
            page.drawn(&[("class", &"place"), ("x", &4), ("y", &(top + 14))], &name);
            top += BUREAU;
        }
        for id in self.people {
            let person = &board.people[*id];
            line(page, 0, NAMES, top);
            let name = bar::clipped(&person.name, NAMES - 12, 13);
            page.drawn(&[("class", &"name"), ("x", &4), ("y", &(top + 16))], &name);
            let team = person.team.clone().unwrap_or_else(|| Label::new("", ""));
            let team = bar::clipped(&team, NAMES - 12, 10);
            page.drawn(&[("class", &"team"), ("x", &4), ("y", &(top + 29))], &team);
            top += ROW;
        }
        page.end();
    }
}

/// How high the heading is: hours, and days above them where there are several.
fn head(panel: &Panel) -> i64 {
    if panel.days.len() == 1 { 22 } else { 40 }
}

/// The dates, and which part of the people where they are drawn in several.
fn heading(panel: &Panel, position: usize, count: usize) -> Label {
    let days: Vec<Label> = panel.days.iter().map(|day| say::day(*day)).collect();
    let days = say::list(&days.iter().collect::<Vec<_>>());
    if count == 1 {
        return days;
    }
    let part = position + 1;
    Label::new(format!("{} · {part}/{count}", days.zh), format!("{} · {part}/{count}", days.en))
}

fn line(page: &mut Markup, from: i64, to: i64, y: i64) {
    page.leaf("path", &[("class", &"rule"), ("d", &format!("M{from} {y}H{to}"))], "");
}

/// Days, hours, folds.
fn hours(page: &mut Markup, board: &Board, panel: &Panel, height: i64) {
    let wall = Wall(board.zone);
    let stride = panel.axis.stride(44);
    let (head, height) = (head(panel), height - FOOT);
    for part in panel.axis.parts() {
        if part.folded {
            let (y, down) = (head - 16, height - head + 16);
            rect(page, "fold", (part.x, y, part.width, down));
            continue;
        }
        let mut tick = part.span.start;
        while tick < part.span.end {
            let minute = board.zone.minute_of_day(tick);
            if minute % (stride * 60) == 0 {
                let x = panel.axis.x(tick);
                let path = format!("M{x} {head}V{height}");
                page.leaf("path", &[("class", &"hour"), ("d", &path)], "");
                let at = x + 3;
                page.leaf(
                    "text",
                    &[("class", &"hours"), ("x", &at), ("y", &(head - 6))],
                    wall.clock(tick),
                );
            }
            tick = tick + (60 - minute % 60);
        }
    }
    if panel.days.len() == 1 {
        return;
    }
    for day in &panel.days {
        let Some(x) = first_minute(board, panel, *day).map(|tick| panel.axis.x(tick)) else {
            continue;
        };
        if x > 0 {
            let path = format!("M{x} 0V{height}");
            page.leaf("path", &[("class", &"midnight"), ("d", &path)], "");
        }
        page.drawn(&[("class", &"day"), ("x", &(x + 3)), ("y", &14)], &say::day(*day));
    }
}

/// The first minute of `day` that is drawn to scale.
fn first_minute(board: &Board, panel: &Panel, day: crate::calendar::Day) -> Option<Tick> {
    let date = Span::new(board.zone.midnight(day), board.zone.midnight(day.plus(1)));
    let open = panel.axis.parts().iter().filter(|part| !part.folded);
    open.into_iter().find_map(|part| Some(part.span.intersection(date)?.start))
}

fn bureau_row(page: &mut Markup, board: &Board, panel: &Panel, id: Id<Bureau>, top: i64) {
    let bureau = &board.bureaus[id];
    let wall = Wall(board.zone);
    for opening in &bureau.open {
        let drawn = panel.axis.span().and_then(|span| span.intersection(opening.span));
        let Some(open) = drawn else { continue };
        let (x, right) = (panel.axis.x(open.start), panel.axis.x(open.end));
        if x == right {
            continue;
        }
        page.start("g", &[("class", &"open")]);
        let hours = format!("{}\n{}\n{}", bureau.name.zh, bureau.name.en, wall.span(opening.span));
        page.leaf("title", &[], hours);
        rect(page, "hours", (x, top + 5, right - x, BUREAU - 10));
        page.end();
    }
    for visit in &bureau.visits {
        let start = board.steps[*visit].span.start;
        if panel.span.contains(start) {
            let (x, y) = (panel.axis.x(start), top + 3);
            page.start("g", &[("class", &"visit")]);
            page.leaf("title", &[], bar::sentence(board, *visit));
            let path = format!("M{x} {y}l4 7l-4 7l-4 -7z");
            page.leaf("path", &[("d", &path)], "");
            page.end();
        }
    }
}

fn now(page: &mut Markup, x: i64, height: i64) {
    page.start("g", &[("class", &"now")]);
    page.leaf("path", &[("d", &format!("M{x} 4V{height}"))], "");
    let words = label("起排时刻", "planned from");
    page.drawn(&[("x", &(x + 4)), ("y", &(height - 3))], &words);
    page.end();
}

/// A rectangle given as x, y, width, height.
pub(super) fn rect(page: &mut Markup, class: &str, (x, y, width, height): (i64, i64, i64, i64)) {
    page.leaf(
        "rect",
        &[("class", &class), ("x", &x), ("y", &y), ("width", &width), ("height", &height)],
        "",
    );
}

/// The hatching of extra hours, which every chart of the page uses.
fn hatch(page: &mut Markup) {
    let units = "userSpaceOnUse";
    page.start("defs", &[]).start(
        "pattern",
        &[
            ("id", &"hatch"),
            ("class", &"hatch"),
            ("width", &5),
            ("height", &5),
            ("patternUnits", &units),
            ("patternTransform", &"rotate(45)"),
        ],
    );
    page.leaf("path", &[("d", &"M0 0V5")], "").end().end();
}

/// What the marks mean.
fn legend(page: &mut Markup) {
    page.start("ul", &[("class", &"legend"), ("aria-label", &"图例 legend")]);
    let entries = [
        ("normal", label("常规工单", "normal ticket")),
        ("urgent", label("加急工单", "urgent ticket")),
        (
            "late",
            label(
                "逾期工单的步骤（红边并写明晚多久）",
                "step of a late ticket (red edge, says how late)",
            ),
        ),
        ("extra", label("加班或值班", "overtime or on call")),
        ("pause", label("中断（人仍被占用）", "pause (person stays occupied)")),
        ("held", label("已冻结、进行中、已完成", "frozen, under way, done")),
        ("travel", label("路程", "travel")),
        ("open", label("正常工时；办事机构开放", "regular hours; bureau open")),
    ];
    for (class, words) in entries {
        page.start("li", &[]);
        page.leaf("i", &[("class", &format!("key {class}"))], "");
        page.both(&words).end();
    }
    page.end();
}
