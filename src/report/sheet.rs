//! Day sheets: one person's day on one printed page, with a box to tick and room for notes.
//!
//! Must not know other people's pages: a sheet names colleagues only on shared steps.

use super::board::{Board, Person, Step, Turn};
use super::html::head;
use super::markup::Markup;
use super::say::{self, label, of};
use super::wall::Wall;
use crate::calendar::{Day, Label};
use crate::model::lang::Lang;
use crate::model::people::BandKind;
use crate::time::Span;

/// The style sheet of day sheets.
const STYLE: &str = include_str!("sheet.css");

/// Which sheets to print.
#[derive(Clone, Copy, Debug, Default)]
pub struct Selection<'a> {
    /// The key of the one person; `None`: everybody with work.
    pub person: Option<&'a str>,
    /// The one date; `None`: every date with work.
    pub day: Option<Day>,
}

/// A document with one page per person and day with work, people in the scenario's order.
#[must_use]
pub fn render(board: &Board, lang: Lang, selection: Selection) -> String {
    let mut page = Markup::document();
    page.start("html", &[("lang", &lang.of("zh", "en"))]);
    let title = say::title(board);
    let title = Label::new(format!("{} 日程单", title.zh), format!("{}: day sheets", title.en));
    head(&mut page, &title, lang, STYLE);
    page.start("body", &[]);
    let mut written = 0;
    for person in board.people.iter() {
        if selection.person.is_some_and(|key| key != person.key) {
            continue;
        }
        for day in days(board, person) {
            if selection.day.is_none_or(|only| only == day) {
                sheet(&mut page, board, lang, person, day);
                written += 1;
            }
        }
    }
    if written == 0 {
        page.leaf("p", &[], lang.of("没有要打印的日程。", "There is no work to print."));
    }
    page.end().end();
    page.finish()
}

/// The dates on which a person works, or is still to.
fn days(board: &Board, person: &Person) -> Vec<Day> {
    let today = board.zone.date(board.as_of);
    let mut days: Vec<Day> = Vec::new();
    for stretch in person.turns.iter().flat_map(|turn| &turn.pieces) {
        let (from, to) =
            (board.zone.date(stretch.span.start), board.zone.date(stretch.span.end - 1));
        days.extend((from.0..=to.0).map(Day).filter(|day| *day >= today));
    }
    days.sort_unstable();
    days.dedup();
    days
}

fn sheet(page: &mut Markup, board: &Board, lang: Lang, person: &Person, day: Day) {
    let wall = Wall(board.zone);
    let date = Span::new(board.zone.midnight(day), board.zone.midnight(day.plus(1)));
    page.start("section", &[]);
    page.start("header", &[]);
    page.leaf("h1", &[], of(&person.name, lang));
    let team = person.team.as_ref().map_or("", |team| of(team, lang));
    page.leaf("p", &[("class", &"team")], team);
    let named = format!("{day} {}", super::wall::weekday(day, lang));
    page.leaf("p", &[("class", &"date")], named).end();
    page.start("p", &[("class", &"hours")]);
    let hours: Vec<String> = person
        .regular
        .iter()
        .filter_map(|opening| opening.span.intersection(date))
        .map(|span| wall.hours(span))
        .collect();
    page.text(lang.of("工时 ", "Hours "));
    page.text(if hours.is_empty() { "—".to_owned() } else { hours.join(" · ") }).end();
    page.start("table", &[]).start("thead", &[]).start("tr", &[]);
    for head in [
        label("✓", "✓"),
        label("时间", "Time"),
        label("工单与客户", "Ticket and client"),
        label("做什么", "What"),
        label("地点与路程", "Where, travel"),
        label("和谁", "With"),
        label("带什么", "Bring"),
        label("备注", "Notes"),
    ] {
        page.leaf("th", &[("scope", &"col")], of(&head, lang));
    }
    page.end().end().start("tbody", &[]);
    for turn in &person.turns {
        let pieces = turn
            .pieces
            .iter()
            .filter_map(|stretch| Some((stretch.span.intersection(date)?, stretch.band)));
        let pieces: Vec<_> = pieces.collect();
        if !pieces.is_empty() {
            row(page, board, lang, turn, &pieces, date);
        }
    }
    page.end().end();
    page.start("p", &[("class", &"sign")]);
    page.text(lang.of("签名", "Signed")).leaf("i", &[], "").end();
    page.end();
}

fn row(
    page: &mut Markup,
    board: &Board,
    lang: Lang,
    turn: &Turn,
    pieces: &[(Span, Option<BandKind>)],
    date: Span,
) {
    let step = &board.steps[turn.step];
    let ticket = &board.tickets[step.ticket];
    page.start("tr", &[]);
    page.start("td", &[]).leaf("i", &[("class", &"box")], "").end();
    page.start("td", &[("class", &"time")]);
    times(page, board, lang, pieces);
    if step.span.start < date.start {
        page.leaf("small", &[], lang.of("续前日", "continued"));
    }
    if step.span.end > date.end {
        page.leaf("small", &[], lang.of("次日继续", "goes on next day"));
    }
    page.end().start("td", &[]);
    page.leaf("b", &[], &ticket.key);
    if ticket.urgent {
        page.text(" ").leaf("em", &[], of(&say::track(true), lang));
    }
    let client = ticket.client.as_ref().map_or("", |client| of(client, lang));
    page.leaf("small", &[], client);
    if let Some(due) = ticket.due {
        let due = Wall(board.zone).stamp(due);
        page.leaf("small", &[], lang.of(format!("期限 {due}"), format!("due {due}")));
    }
    page.end().start("td", &[]);
    page.leaf("b", &[], of(&step.name, lang)).leaf("small", &[], of(&ticket.title, lang)).end();
    where_to(page, board, lang, step, turn);
    company(page, board, lang, step, turn);
    let things: Vec<&Label> = step.things.iter().collect();
    page.leaf("td", &[], of(&say::list(&things), lang));
    page.leaf("td", &[("class", &"notes")], "").end();
}

/// Touching stretches as one line; extra hours are named.
fn times(page: &mut Markup, board: &Board, lang: Lang, pieces: &[(Span, Option<BandKind>)]) {
    let wall = Wall(board.zone);
    for (span, band) in pieces {
        page.leaf("b", &[], wall.hours(*span));
        if *band != Some(BandKind::Regular) {
            page.leaf("em", &[], of(&say::band(*band), lang));
        }
    }
}

fn where_to(page: &mut Markup, board: &Board, lang: Lang, step: &Step, turn: &Turn) {
    page.start("td", &[]);
    let bureau = step.bureau.map(|bureau| &board.bureaus[bureau].name);
    if let Some(place) = bureau.or(step.site.as_ref()) {
        page.text(of(place, lang));
    }
    if let (Some(bureau), Some(site)) = (bureau, &step.site)
        && bureau != site
    {
        page.leaf("small", &[], of(site, lang));
    }
    if let Some(travel) = &turn.travel {
        let length = say::length(travel.minutes);
        let (length, from) = (of(&length, lang), of(&travel.from, lang));
        let leave = Wall(board.zone).clock(step.span.start - travel.minutes);
        let words = lang.of(
            format!("从{from}出发 {length}，{leave} 前动身"),
            format!("{length} from {from}, leave by {leave}"),
        );
        page.leaf("small", &[], words);
    }
    page.end();
}

fn company(page: &mut Markup, board: &Board, lang: Lang, step: &Step, turn: &Turn) {
    page.start("td", &[]);
    let others = step.people.iter().enumerate().filter(|(seat, _)| *seat != turn.seat);
    let names: Vec<&Label> = others.map(|(_, person)| &board.people[*person].name).collect();
    page.text(of(&say::list(&names), lang));
    if turn.seat > 0 {
        page.leaf("small", &[], lang.of("协助", "assisting"));
    }
    if step.client_trip {
        page.leaf("small", &[], lang.of("客户到场", "the client comes"));
    }
    page.end();
}
