//! The tables of the page: key moments, tickets at risk, left out, all tickets, people.

use crate::calendar::Label;
use crate::id::Id;
use crate::report::board::{Board, Fate, Step, Ticket};
use crate::report::markup::Markup;
use crate::report::say::{self, each, label};
use crate::report::text::{by_concern, share, slack};
use crate::report::wall::Wall;
use crate::time::{Money, Tick};

/// Most rows of a table on the page; the plan's file has them all.
const ROWS: usize = 1_500;

/// Most tickets whose steps are all in sight; of more, each row opens its own.
const OPEN: usize = 150;

/// What to be ready for on the first working day.
pub(super) fn moments(page: &mut Markup, board: &Board) {
    let wall = Wall(board.zone);
    page.said("p", &[("class", &"note")], &say::day(board.day));
    if board.moments.is_empty() {
        return nothing(page);
    }
    page.start("ol", &[("class", &"moments")]);
    for moment in board.moments.iter().take(ROWS) {
        let (class, kind) = say::kind(moment.event);
        page.start("li", &[]);
        page.leaf("time", &[], wall.clock(moment.at));
        page.said("span", &[("class", &format!("chip {class}"))], &kind);
        page.said("span", &[("class", &"words")], &say::moment(board, moment)).end();
    }
    page.end();
    more(page, board.moments.len());
}

/// Tickets that cost money if they slip (R079).
pub(super) fn at_risk(page: &mut Markup, board: &Board) {
    if board.at_risk.is_empty() {
        return nothing(page);
    }
    let heads = [
        (label("工单", "Ticket"), ""),
        (label("客户", "Client"), "client"),
        (label("完成", "Finish"), ""),
        (label("余量", "Slack"), ""),
        (label("再晚 2 小时多损失", "Cost of 2 h more"), "number"),
    ];
    table(page, "risk", &heads);
    for risk in board.at_risk.iter().take(ROWS) {
        let ticket = &board.tickets[risk.ticket];
        page.start("tr", &[]);
        cell(page, &heads[0]);
        matter(page, ticket, risk.ticket, true).end();
        client(page, ticket, &heads[1]);
        stamp(page, board, ticket.finish, &heads[2]);
        let class = if risk.slack_minutes < 0 { "alarm" } else { "" };
        cell(page, &heads[3]);
        page.said("span", &[("class", &class)], &slack(risk.slack_minutes)).end();
        amount(page, risk.slip_cost, &heads[4]);
        page.end();
    }
    page.end().end().end();
    more(page, board.at_risk.len());
}

/// Tickets left out, and why.
pub(super) fn unserved(page: &mut Markup, board: &Board) {
    if board.unserved.is_empty() {
        return nothing(page);
    }
    let heads = [
        (label("工单", "Ticket"), ""),
        (label("客户", "Client"), "client"),
        (label("期限", "Due"), ""),
        (label("原因", "Reason"), ""),
        (label("代价", "Price"), "number"),
    ];
    table(page, "unserved", &heads);
    for row in board.unserved.iter().take(ROWS) {
        let ticket = &board.tickets[row.ticket];
        page.start("tr", &[]);
        cell(page, &heads[0]);
        matter(page, ticket, row.ticket, true).end();
        client(page, ticket, &heads[1]);
        stamp(page, board, ticket.due, &heads[2]);
        cell(page, &heads[3]);
        page.both(&say::unserved(row.reason)).end();
        amount(page, row.price.weighted_fen, &heads[4]);
        page.end();
    }
    page.end().end().end();
    more(page, board.unserved.len());
}

/// Every ticket with its steps, dearest first.
pub(super) fn tickets(page: &mut Markup, board: &Board) {
    let heads = [
        (label("工单", "Ticket"), ""),
        (label("客户", "Client"), "client"),
        (label("期限", "Due"), ""),
        (label("完成", "Finish"), ""),
        (label("状态", "Status"), ""),
        (label("损失", "Loss"), "number"),
        (label("步骤", "Steps"), "steps"),
    ];
    table(page, "tickets sortable", &heads);
    let rows = by_concern(board);
    for id in rows.iter().copied().take(ROWS) {
        let ticket = &board.tickets[id];
        page.start("tr", &[("id", &format!("ticket-{}", id.index()))]);
        cell(page, &heads[0]);
        matter(page, ticket, id, false).end();
        client(page, ticket, &heads[1]);
        stamp(page, board, ticket.due, &heads[2]);
        stamp(page, board, ticket.finish, &heads[3]);
        let status = status(ticket);
        let rank = format!("{}", i64::MAX - ticket.late_minutes());
        page.start(
            "td",
            &[("data-zh", &heads[4].0.zh), ("data-en", &heads[4].0.en), ("data-sort", &rank)],
        );
        let class = match ticket.fate() {
            Fate::Late => "chip late",
            Fate::Unserved => "chip out",
            Fate::InTime | Fate::NoDue => "chip fine",
        };
        page.said("span", &[("class", &class)], &status).end();
        amount(page, ticket.loss.weighted_fen, &heads[5]);
        cell(page, &heads[6]);
        if rows.len() > OPEN && !ticket.steps.is_empty() {
            let count = ticket.steps.len();
            page.start("details", &[]);
            let words = Label::new(format!("{count} 步"), format!("{count} steps"));
            page.said("summary", &[], &words);
            steps(page, board, &ticket.steps);
            page.end();
        } else {
            steps(page, board, &ticket.steps);
        }
        page.end().end();
    }
    page.end().end().end();
    more(page, board.tickets.len());
}

fn status(ticket: &Ticket) -> Label {
    let fate = say::fate(ticket.fate());
    if ticket.late_minutes() == 0 {
        return fate;
    }
    let length = say::length(ticket.late_minutes());
    Label::new(format!("{} {}", fate.zh, length.zh), format!("{} {}", fate.en, length.en))
}

fn steps(page: &mut Markup, board: &Board, steps: &[Id<Step>]) {
    let wall = Wall(board.zone);
    page.start("ul", &[]);
    for step in steps.iter().map(|id| &board.steps[*id]) {
        page.start("li", &[]);
        page.leaf("time", &[], wall.span(step.span)).text(" ");
        page.said("b", &[], &step.name).text(" ");
        page.said("span", &[("class", &"who")], &say::crew(board, step));
        if let Some(bureau) = step.bureau {
            page.text(" · ").both(&board.bureaus[bureau].name);
        }
        for word in say::standing(step.standing).iter() {
            page.text(" · ").both(word);
        }
        if step.provisional {
            page.text(" · ").both(&label("假日安排未定", "holiday notice pending"));
        }
        page.end();
    }
    page.end();
}

/// Hours used and extra hours, person by person.
pub(super) fn people(page: &mut Markup, board: &Board) {
    let heads = [
        (label("员工", "Person"), ""),
        (label("团队", "Team"), ""),
        (label("步骤", "Steps"), "number"),
        (label("占用", "Used"), ""),
        (label("正常工时", "Regular"), ""),
        (label("加班与值班", "Extra"), ""),
        (label("加班费", "Extra pay"), "number"),
    ];
    table(page, "people sortable", &heads);
    for person in board.people.iter().take(ROWS) {
        let figures = &person.figures;
        let used = share(figures.regular_minutes, figures.available_minutes);
        page.start("tr", &[]);
        cell(page, &heads[0]);
        page.said("b", &[], &person.name).end();
        cell(page, &heads[1]);
        if let Some(team) = &person.team {
            page.said("span", &[], team);
        }
        page.end();
        let (zh, en) = (&heads[2].0.zh, &heads[2].0.en);
        page.leaf(
            "td",
            &[("class", &"number"), ("data-zh", zh), ("data-en", en)],
            person.turns.len(),
        );
        page.start(
            "td",
            &[("data-zh", &heads[3].0.zh), ("data-en", &heads[3].0.en), ("data-sort", &used)],
        );
        let width = format!("width:{}%", used.clamp(0, 100));
        page.start("span", &[("class", &"meter")]);
        page.leaf("i", &[("style", &width)], "").end();
        page.leaf("span", &[("class", &"percent")], format!("{used}%")).end();
        let (worked, there) =
            (say::worked(figures.regular_minutes), say::worked(figures.available_minutes));
        let of = Label::new(
            format!("{} / {}", worked.zh, there.zh),
            format!("{} / {}", worked.en, there.en),
        );
        minutes(page, figures.regular_minutes, &of, &heads[4]);
        let extra = if figures.extra_minutes > 0 {
            say::worked(figures.extra_minutes)
        } else {
            Label::default()
        };
        minutes(page, figures.extra_minutes, &extra, &heads[5]);
        amount(page, figures.extra_cost, &heads[6]);
        page.end();
    }
    page.end().end().end();
    more(page, board.people.len());
}

fn minutes(page: &mut Markup, minutes: i64, words: &Label, head: &(Label, &str)) {
    let (zh, en) = (&head.0.zh, &head.0.en);
    page.start("td", &[("data-zh", zh), ("data-en", en), ("data-sort", &minutes)]);
    page.both(words).end();
}

/// Opens a scrolling box, a table with its heads, and its body.
fn table(page: &mut Markup, class: &str, heads: &[(Label, &str)]) {
    page.start("div", &[("class", &"wide")]).start("table", &[("class", &class)]);
    page.start("thead", &[]).start("tr", &[]);
    for (head, class) in heads {
        page.said("th", &[("scope", &"col"), ("class", class)], head);
    }
    page.end().end().start("tbody", &[]);
}

/// Opens a cell that knows its head, for narrow screens.
fn cell(page: &mut Markup, head: &(Label, &str)) {
    let (zh, en) = (&head.0.zh, &head.0.en);
    if head.1.is_empty() {
        page.start("td", &[("data-zh", zh), ("data-en", en)]);
    } else {
        page.start("td", &[("class", &head.1), ("data-zh", zh), ("data-en", en)]);
    }
}

/// Opens nothing and writes key, track and title; `linked` to the ticket's row.
fn matter<'a>(
    page: &'a mut Markup,
    ticket: &Ticket,
    id: Id<Ticket>,
    linked: bool,
) -> &'a mut Markup {
    if linked {
        page.leaf(
            "a",
            &[("class", &"key"), ("href", &format!("#ticket-{}", id.index()))],
            &ticket.key,
        );
    } else {
        page.leaf("b", &[("class", &"key")], &ticket.key);
    }
    if ticket.urgent {
        page.text(" ").said("span", &[("class", &"chip urgent")], &say::track(true));
    }
    page.text(" ").said("span", &[("class", &"title")], &ticket.title);
    let says_so = |service: &&Label| {
        ticket.title.zh.contains(&service.zh) && ticket.title.en.contains(&service.en)
    };
    if let Some(service) = ticket.service.as_ref().filter(|service| !says_so(service)) {
        page.text(" ").said("span", &[("class", &"service")], service);
    }
    page
}

fn client(page: &mut Markup, ticket: &Ticket, head: &(Label, &str)) {
    cell(page, head);
    if let Some(client) = &ticket.client {
        page.both(client);
    }
    page.end();
}

fn stamp(page: &mut Markup, board: &Board, tick: Option<Tick>, head: &(Label, &str)) {
    let words = tick.map(|tick| Wall(board.zone).stamp(tick)).unwrap_or_default();
    let (zh, en, at) = (&head.0.zh, &head.0.en, tick.unwrap_or(Tick::MAX).0);
    page.leaf(
        "td",
        &[("class", &"stamp"), ("data-zh", zh), ("data-en", en), ("data-sort", &at)],
        words,
    );
}

fn amount(page: &mut Markup, amount: Money, head: &(Label, &str)) {
    let words = if amount == Money::ZERO { String::new() } else { amount.to_string() };
    let (zh, en) = (&head.0.zh, &head.0.en);
    let rank = -amount.0;
    page.leaf(
        "td",
        &[("class", &"number"), ("data-zh", zh), ("data-en", en), ("data-sort", &rank)],
        words,
    );
}

fn nothing(page: &mut Markup) {
    page.said("p", &[("class", &"note")], &label("没有。", "None."));
}

/// How many rows a table leaves out.
fn more(page: &mut Markup, rows: usize) {
    if rows > ROWS {
        let left = rows - ROWS;
        let note = each(|lang| {
            lang.of(format!("另有 {left} 行未列出。"), format!("{left} more rows are not shown."))
        });
        page.said("p", &[("class", &"note")], &note);
    }
}
