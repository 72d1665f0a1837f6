//! One person's row of a chart: regular hours, then a bar for every turn.

use super::gantt::{ROW, rect};
use super::panels::Panel;
use crate::calendar::Label;
use crate::id::Id;
use crate::model::people::BandKind;
use crate::model::plan::Standing;
use crate::report::board::{Board, Fate, Person, Step, Turn};
use crate::report::markup::Markup;
use crate::report::say::{self, each, of};
use crate::report::wall::{self, Wall};

/// Space between a bar and the rules above and below it.
const AIR: i64 = 3;

/// How high a bar is.
const BAR: i64 = ROW - 2 * AIR;

/// A person's row with its top at `top`.
pub(super) fn row(page: &mut Markup, board: &Board, panel: &Panel, person: &Person, top: i64) {
    let path = format!("M0 {top}H{}", panel.axis.width);
    page.leaf("path", &[("class", &"rule"), ("d", &path)], "");
    for opening in &person.regular {
        let Some(open) = opening.span.intersection(panel.span) else { continue };
        let (x, right) = (panel.axis.x(open.start), panel.axis.x(open.end));
        if right > x {
            rect(page, "regular", (x, top + 1, right - x, ROW - 1));
        }
    }
    for turn in &person.turns {
        if board.steps[turn.step].span.overlaps(panel.span) {
            bar(page, board, panel, turn, top + AIR);
        }
    }
}

fn bar(page: &mut Markup, board: &Board, panel: &Panel, turn: &Turn, y: i64) {
    let step = &board.steps[turn.step];
    let ticket = &board.tickets[step.ticket];
    let late = ticket.fate() == Fate::Late;
    let (x, right) = (panel.axis.x(step.span.start), panel.axis.x(step.span.end));
    let width = (right - x - 1).max(3);
    let target = format!("#ticket-{}", step.ticket.index());
    let class = format!(
        "bar {}{}{}",
        if ticket.urgent { "urgent" } else { "normal" },
        if late { " late" } else { "" },
        if step.standing == Standing::Planned { "" } else { " held" },
    );
    let row = step.ticket.index();
    page.start("a", &[("class", &class), ("href", &target), ("data-ticket", &row)]);
    page.leaf("title", &[], sentence(board, turn.step));
    if let Some(travel) = &turn.travel {
        let from = panel.axis.x(step.span.start - travel.minutes);
        let path = format!("M{from} {}H{x}", y + BAR / 2);
        page.leaf("path", &[("class", &"travel"), ("d", &path)], "");
    }
    for pair in turn.pieces.windows(2) {
        let (from, to) = (panel.axis.x(pair[0].span.end), panel.axis.x(pair[1].span.start));
        if to > from {
            rect(page, "pause", (from, y + BAR / 2 - 5, to - from, 10));
        }
    }
    // Neighbouring stretches of different bands carry the words together.
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for stretch in turn.pieces.iter().filter(|stretch| stretch.span.overlaps(panel.span)) {
        let (from, to) = (panel.axis.x(stretch.span.start), panel.axis.x(stretch.span.end));
        let to = (to - 1).max(from + 2);
        rect(page, "work", (from, y, to - from, BAR));
        if stretch.band != Some(BandKind::Regular) {
            rect(page, "extra", (from, y, to - from, BAR));
        }
        match runs.last_mut() {
            Some(last) if from <= last.1 + 2 => last.1 = to,
            _ => runs.push((from, to)),
        }
    }
    if step.span.start >= panel.span.start {
        rect(page, "edge", (x, y, 3.min(width), BAR));
    }
    if late && step.span.end <= panel.span.end {
        rect(page, "alarm", (x + width - 3, y, 3, BAR));
    }
    for (from, to) in runs {
        words(page, board, step, late, (from + 6, y, to - from - 11));
    }
    page.end();
}

/// Key and step's name inside the bar, as far as they fit.
fn words(page: &mut Markup, board: &Board, step: &Step, late: bool, (x, y, room): (i64, i64, i64)) {
    let ticket = &board.tickets[step.ticket];
    let key = Label::new(ticket.key.clone(), ticket.key.clone());
    if clipped(&key, room, 11) != key {
        return;
    }
    let minutes = ticket.late_minutes();
    let first = each(|lang| match (late, &ticket.client) {
        (true, _) if minutes > 0 => {
            let length = wall::brief(minutes);
            lang.of(format!("{} 晚 {length}", ticket.key), format!("{} late {length}", ticket.key))
        }
        (true, _) => format!("{} {}", ticket.key, of(&say::fate(Fate::Late), lang)),
        (false, Some(client)) => format!("{} {}", ticket.key, of(client, lang)),
        (false, None) => ticket.key.clone(),
    });
    let shown = |words: String| if words.starts_with(&ticket.key) { words } else { key.zh.clone() };
    let first = clipped(&first, room, 11);
    let first = Label::new(shown(first.zh), shown(first.en));
    page.drawn(&[("class", &"key"), ("x", &x), ("y", &(y + 12))], &first);
    page.drawn(&[("class", &"what"), ("x", &x), ("y", &(y + 25))], &clipped(&step.name, room, 10));
}

/// As much of both wordings as fits `room` in letters `size` high.
pub(super) fn clipped(label: &Label, room: i64, size: i64) -> Label {
    let clip = |text: &str| {
        let wide = |letter: char| if u32::from(letter) < 0x1100 { 58 * size } else { 102 * size };
        let all: i64 = text.chars().map(wide).sum();
        if all <= room * 100 {
            return text.to_owned();
        }
        let mut left = room * 100 - wide('…');
        let kept = text.chars().take_while(|letter| {
            left -= wide(*letter);
            left >= 0
        });
        let kept: String = kept.collect();
        if kept.is_empty() { kept } else { format!("{}…", kept.trim_end()) }
    };
    Label::new(clip(&label.zh), clip(&label.en))
}

/// All there is to say about a step, in both languages, line by line.
pub(super) fn sentence(board: &Board, id: Id<Step>) -> String {
    let step = &board.steps[id];
    let ticket = &board.tickets[step.ticket];
    let wall = Wall(board.zone);
    let mut lines = vec![format!("{} · {}", ticket.key, wall.span(step.span))];
    let mut say = |label: &Label| {
        lines.push(if label.zh == label.en {
            label.zh.clone()
        } else {
            format!("{} / {}", label.zh, label.en)
        });
    };
    say(&step.name);
    say(&ticket.title);
    ticket.client.iter().for_each(&mut say);
    say(&say::crew(board, step));
    step.bureau.iter().for_each(|bureau| say(&board.bureaus[*bureau].name));
    step.site.iter().for_each(&mut say);
    say::standing(step.standing).iter().for_each(&mut say);
    if ticket.urgent {
        say(&say::track(true));
    }
    if ticket.fate() == Fate::Late {
        let length = say::length(ticket.late_minutes());
        let words = (format!("晚{}", length.zh), format!("{} late", length.en));
        say(&Label::new(words.0, words.1));
    }
    if step.provisional {
        say(&say::label("假日安排未定", "holiday notice pending"));
    }
    lines.join("\n")
}
