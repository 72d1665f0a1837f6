//! Reports: everything is shown, in both languages, safely, and the sums agree.

use std::collections::BTreeSet;

use crate::report_case::{Case, morning, scenario};
use paidan::calendar::{Day, Label};
use paidan::model::lang::Lang;
use paidan::model::people::BandKind;
use paidan::model::plan::{PlannedStep, ReleasedStep};
use paidan::report::board::{Board, Event, Fate};
use paidan::report::text::Layout;
use paidan::report::{html, sheet, text};
use paidan::time::Money;

fn layout(lang: Lang) -> Layout {
    Layout { lang, ..Layout::default() }
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

/// How many terminal columns a text takes: two per letter of the Chinese scripts and signs.
fn columns(text: &str) -> usize {
    let wide = |letter: char| matches!(u32::from(letter), 0x1100..=0x115f | 0x2e80..=0xffdc);
    text.chars().map(|letter| if wide(letter) { 2 } else { 1 }).sum()
}

fn days(board: &Board) -> usize {
    let day = |tick| board.zone.date(tick);
    let mut days = BTreeSet::new();
    for (row, person) in board.people.iter().enumerate() {
        for span in person.turns.iter().flat_map(|turn| &turn.pieces).map(|piece| piece.span) {
            days.extend((day(span.start).0..=day(span.end - 1).0).map(|day| (row, day)));
        }
    }
    days.len()
}

#[test]
fn every_person_and_ticket_is_on_the_page_in_both_languages() {
    let board = morning().board();
    let page = html::render(&board, Lang::Zh);
    for person in board.people.iter() {
        assert!(page.contains(&person.name.zh) && page.contains(&person.name.en), "{}", person.key);
    }
    for ticket in board.tickets.iter() {
        let client = ticket.client.as_ref().unwrap();
        for words in [&ticket.key, &ticket.title.zh, &ticket.title.en, &client.zh, &client.en] {
            assert!(page.contains(&escaped(words)), "{words}");
        }
    }
    for words in ["Who does what when", "谁在何时做什么", "Pudong tax bureau", "浦东税务局"]
    {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn the_text_has_every_person_and_ticket_too() {
    let board = morning().board();
    for lang in [Lang::Zh, Lang::En] {
        let all = text::render(&board, layout(lang));
        for person in board.people.iter() {
            assert!(all.contains(lang.of(&person.name.zh, &person.name.en).as_str()));
        }
        for ticket in board.tickets.iter() {
            assert!(all.contains(&ticket.key), "{}", ticket.key);
        }
    }
}

#[test]
fn the_page_opens_in_the_language_asked_for() {
    let board = morning().board();
    let chosen = |page: &str| {
        let before = &page[..page.find("checked=\"\"").unwrap()];
        before[before.rfind("id=\"").unwrap()..][4..11].to_owned()
    };
    let (zh, en) = (html::render(&board, Lang::Zh), html::render(&board, Lang::En));
    assert_eq!((chosen(&zh).as_str(), chosen(&en).as_str()), ("lang-zh", "lang-en"));
    assert!(zh.contains("<html lang=\"zh\">") && en.contains("<html lang=\"en\">"));
    assert_eq!(zh.matches("checked=\"\"").count(), 1);
}

#[test]
fn a_name_that_is_a_script_stays_a_name() {
    let board = morning().board();
    for page in [
        html::render(&board, Lang::En),
        sheet::render(&board, Lang::En, sheet::Selection::default()),
    ] {
        assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)"));
        assert!(!page.contains("<script>alert"));
    }
}

#[test]
fn a_name_cannot_steer_the_terminal() {
    let mut case = morning();
    case.scenario.people[0].name = Some(Label::new("陈\u{1b}[31m立", "Chen\u{1b}[31m"));
    case.figures.violations.push(Label::new("\u{7}坏", "bad\u{7}"));
    for lang in [Lang::Zh, Lang::En] {
        let all = text::render(&case.board(), layout(lang));
        assert!(!all.contains('\u{1b}') && !all.contains('\u{7}'));
        assert!(all.contains("\u{fffd}[31m"));
    }
}

/// Walks the tags of a page; panics at one that closes nothing or is left open.
fn balanced(page: &str) -> usize {
    let (mut open, mut rest, mut count): (Vec<&str>, &str, usize) = (Vec::new(), page, 0);
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let end = rest.find('>').unwrap();
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap();
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed));
        } else if !tag.starts_with('!') && !tag.ends_with('/') {
            open.push(name);
            count += 1;
        }
        if matches!(tag, "style" | "script") {
            rest = &rest[rest.find(&format!("</{tag}>")).unwrap()..];
        }
    }
    assert!(open.is_empty(), "{open:?}");
    count
}

#[test]
fn every_element_is_closed_where_it_was_opened() {
    let board = morning().board();
    assert!(balanced(&html::render(&board, Lang::Zh)) > 2_000);
    assert!(balanced(&sheet::render(&board, Lang::En, sheet::Selection::default())) > 1_000);
}

#[test]
fn the_page_needs_nothing_from_outside_and_its_links_lead_somewhere() {
    let page = html::render(&morning().board(), Lang::Zh);
    for foreign in ["http:", "https:", "src=", "@import", "//cdn", "<link", "<iframe"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert_eq!(page.matches("url(").count(), page.matches("url(#hatch)").count());
    let links: BTreeSet<&str> =
        page.split("href=\"").skip(1).map(|rest| &rest[..rest.find('"').unwrap()]).collect();
    assert!(links.len() >= 58, "every served ticket has a bar");
    for link in links {
        let target = link.strip_prefix('#').expect("links stay on the page");
        assert_eq!(page.matches(&format!("id=\"{target}\"")).count(), 1, "{target}");
    }
}

#[test]
fn no_id_is_given_twice() {
    let page = html::render(&morning().board(), Lang::Zh);
    let ids = page.split(" id=\"").skip(1).map(|rest| &rest[..rest.find('"').unwrap()]);
    let ids: Vec<&str> = ids.collect();
    let distinct: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len());
}

/// The fen of `¥1,234.50`.
fn fen(amount: &str) -> i64 {
    amount.replace(['¥', ',', '.'], "").parse().unwrap()
}

#[test]
fn the_parts_in_the_text_add_up_to_the_bill() {
    let board = morning().board();
    for lang in [Lang::Zh, Lang::En] {
        let summary = text::summary(&board, layout(lang));
        let rows = summary.lines().skip_while(|line| !line.contains('═')).skip(1);
        let rows = rows.take_while(|line| !line.contains('─'));
        let amounts: Vec<i64> = rows
            .map(|line| fen(line.split_whitespace().find(|word| word.starts_with('¥')).unwrap()))
            .collect();
        // Lateness, unserved, overtime, change, imbalance, preference, and their total.
        assert_eq!(amounts.len(), 7);
        assert_eq!(amounts[..6].iter().sum::<i64>(), amounts[6]);
        assert_eq!(amounts[6], board.bill.total_fen.0);
        assert_eq!(amounts[5], 12_345);
    }
}

#[test]
fn the_page_shows_the_same_total_and_every_part() {
    let board = morning().board();
    let page = html::render(&board, Lang::Zh);
    let cost = &page[page.find("<table class=\"cost\"").unwrap()..];
    let cost = &cost[..cost.find("</table>").unwrap()];
    let bill = &board.bill;
    for amount in [bill.total_fen, bill.lateness.weighted_fen, bill.overtime_fen, Money(12_345)] {
        assert!(cost.contains(&format!(">{amount}<")), "{amount}");
    }
    assert!(page.contains("差距 12.34%"));
}

#[test]
fn amounts_line_up_beside_chinese_words() {
    let summary = text::summary(&morning().board(), layout(Lang::Zh));
    let rows = summary.lines().skip_while(|line| !line.contains('═')).skip(1).take(7);
    let ends: BTreeSet<usize> = rows
        .map(|line| {
            let start = line.find('¥').unwrap();
            let length = line[start..].find(' ').unwrap_or(line.len() - start);
            columns(&line[..start + length])
        })
        .collect();
    assert_eq!(ends.len(), 1, "{summary}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let board = morning().board();
    for lang in [Lang::Zh, Lang::En] {
        let tables = [text::people, text::tickets, text::at_risk, text::unserved, text::moments];
        for table in tables {
            let shown = table(&board, Layout { lang, width: Some(100), rows: 50, rest: None });
            let widest = shown.lines().map(columns).max().unwrap();
            assert!(widest <= 100, "{widest}:\n{shown}");
        }
    }
}

#[test]
fn a_long_table_says_how_much_it_leaves_out() {
    let board = morning().board();
    let shown = text::tickets(&board, Layout { lang: Lang::En, rows: 10, ..Layout::default() });
    assert!(shown.ends_with("… and 50 more rows\n"), "{shown}");
    let rest = Some(("见别处", "see elsewhere"));
    let shown = text::tickets(&board, Layout { rows: 10, rest, ..Layout::default() });
    assert!(shown.ends_with("……另有 50 行；见别处\n"), "{shown}");
}

#[test]
fn a_long_table_of_people_leaves_nobody_out() {
    let board = morning().board();
    let people = board.people.iter().filter(|person| !person.turns.is_empty());
    let names: Vec<String> = people.map(|person| person.name.en.clone()).collect();
    let rows = names.len();
    let turns: usize = board.people.iter().map(|person| person.turns.len()).sum();
    assert!(turns > rows, "there is more than one turn each");
    let shown = text::people(&board, Layout { lang: Lang::En, rows, ..Layout::default() });
    assert!(names.iter().all(|name| shown.contains(name.as_str())), "{shown}");
    assert!(shown.ends_with(&format!("… and {} more rows\n", turns - rows)), "{shown}");
}

#[test]
fn people_of_one_name_are_told_apart_by_their_keys() {
    let mut case = morning();
    let name = case.scenario.people[0].name.clone();
    case.scenario.people[1].name = name.clone();
    let board = case.board();
    let mut people = board.people.iter();
    let (one, other) = (people.next().unwrap(), people.next().unwrap());
    assert_eq!(one.name.zh, format!("{} ({})", name.as_ref().unwrap().zh, one.key));
    assert_eq!(other.name.en, format!("{} ({})", name.unwrap().en, other.key));
    assert!(!people.next().unwrap().name.en.contains('('));
}

/// R079: active monitoring: the tickets at risk, dearest slip first.
#[test]
fn tickets_at_risk_are_ordered_by_what_a_slip_costs() {
    let mut case = morning();
    let keys: Vec<String> = case.plan.steps.iter().map(|step| step.ticket.clone()).collect();
    for (key, extra) in [(&keys[0], 5_000), (keys.last().unwrap(), 900_000)] {
        let amounts = case.figures.tickets.get_mut(key).unwrap();
        amounts.slipped = amounts.loss;
        amounts.slipped.weighted_fen += Money(extra);
    }
    let board = case.board();
    let costs: Vec<Money> = board.at_risk.iter().map(|risk| risk.slip_cost).collect();
    assert!(costs.is_sorted_by(|one, other| one >= other));
    assert_eq!(costs[0], Money(900_000));
    assert_eq!(&board.tickets[board.at_risk[0].ticket].key, keys.last().unwrap());
    // Who has more than two hours of slack, or is left out, costs nothing more.
    let listed: BTreeSet<_> = board.at_risk.iter().map(|risk| risk.ticket).collect();
    for (id, ticket) in board.tickets.pairs().skip(1) {
        let slack = ticket.due.zip(ticket.finish).map(|(due, finish)| due - finish);
        let last = ticket.key == *keys.last().unwrap();
        assert_eq!(listed.contains(&id), last || slack.is_some_and(|slack| slack < 120), "{id:?}");
    }
}

#[test]
fn key_moments_are_those_of_the_first_working_day_in_order() {
    let board = morning().board();
    assert_eq!(board.day.to_string(), "2026-03-02");
    assert!(board.moments.is_sorted_by_key(|moment| moment.at));
    assert!(board.moments.iter().all(|moment| board.zone.date(moment.at) == board.day));
    let due = |event: &Event| matches!(event, Event::Due(_));
    let has = |kind: fn(&Event) -> bool| board.moments.iter().any(|moment| kind(&moment.event));
    assert!(has(|event| matches!(event, Event::ClientTrip(_))));
    assert!(has(|event| matches!(event, Event::HandOver(..))));
    // Of the 58 tickets planned every fourth is due on the first day: rows 0, 4, … 56.
    assert_eq!(board.moments.iter().filter(|moment| due(&moment.event)).count(), 15);
}

#[test]
fn a_bureau_closing_is_named_for_whoever_begins_there_within_the_last_hour() {
    let board = morning().board();
    for moment in &board.moments {
        let Event::Closing(bureau, step) = moment.event else { continue };
        let start = board.steps[step].span.start;
        assert!((0..=60).contains(&(moment.at - start)));
        assert_eq!(board.steps[step].bureau, Some(bureau));
        assert!(board.bureaus[bureau].open.iter().any(|opening| opening.span.end == moment.at));
    }
    // T-001 files at 10:30, an hour before the counter closes at 11:30.
    let all = text::moments(&board, layout(Lang::En));
    assert!(all.contains("Pudong tax bureau closes; T-001 file at the counter"), "{all}");
}

/// R063: overtime is shown where it begins.
#[test]
fn work_that_runs_into_the_evening_is_cut_where_overtime_begins() {
    let board = morning().board();
    let mut seen = 0;
    for turn in board.people.iter().flat_map(|person| &person.turns) {
        for pair in turn.pieces.windows(2) {
            if pair[0].span.end == pair[1].span.start {
                assert_eq!(pair[0].band, Some(BandKind::Regular));
                assert_eq!(pair[1].band, Some(BandKind::Overtime));
                assert_eq!(board.zone.minute_of_day(pair[1].span.start), 18 * 60);
                seen += 1;
            }
        }
    }
    assert!(seen > 0);
    let page = html::render(&board, Lang::En);
    assert!(page.contains("<rect class=\"extra\""));
}

#[test]
fn lateness_is_told_in_words_and_not_only_in_colour() {
    let board = morning().board();
    // T-001 is due at 10:00 and finishes at 11:50.
    assert_eq!(board.tickets.iter().next().unwrap().late_minutes(), 110);
    let page = html::render(&board, Lang::En);
    assert!(page.contains("T-001 late 1h50") && page.contains("T-001 晚 1h50"));
    assert!(page.contains("late 1 h 50 min") && page.contains("逾期 1小时50分"));
}

#[test]
fn a_ticket_left_out_is_listed_with_reason_and_price() {
    let board = morning().board();
    assert_eq!(board.unserved.len(), 2);
    assert_eq!(board.tickets.iter().filter(|t| t.fate() == Fate::Unserved).count(), 2);
    // ¥200 for each of eight begun hours.
    assert_eq!(board.unserved[0].price.weighted_fen, Money(160_000));
    let shown = text::unserved(&board, layout(Lang::En));
    assert!(shown.contains("T-059") && shown.contains("no room beside the others"));
    assert!(shown.contains("¥1,600.00"));
}

#[test]
fn violations_and_released_steps_are_shown_first() {
    let mut case = morning();
    case.figures.violations.push(Label::new("H4:两步重叠", "H4: two steps overlap"));
    let rule = "H3".to_owned();
    let (ticket, step) = ("T-001".to_owned(), "file".to_owned());
    case.plan.released.push(ReleasedStep { ticket, step, rule });
    let board = case.board();
    let summary = text::summary(&board, layout(Lang::En));
    assert!(summary.contains("1 violation\n") && summary.contains("! H4: two steps overlap"));
    assert!(summary.contains("! T-001/file was frozen"));
    let page = html::render(&board, Lang::En);
    assert!(page.contains("verdict broken") && page.contains("H4:两步重叠"));
}

/// A frozen step whose time has passed without progress says so.
#[test]
fn a_released_step_that_should_have_begun_says_so() {
    let mut case = morning();
    let (ticket, step) = ("T-001".to_owned(), "file".to_owned());
    case.plan.released.push(ReleasedStep { ticket, step, rule: "H6".to_owned() });
    let board = case.board();
    // the scenario is planned from 08:30
    let told = &board.released[0];
    assert!(told.en.contains("should have begun before 08:30 and no progress is reported"));
    assert!(told.zh.contains("应在 08:30 前开始"), "{}", told.zh);
    assert!(!told.en.contains("H6"));
}

#[test]
fn a_page_of_many_steps_draws_the_nearest_days_and_says_so() {
    let board = Case::of(scenario(700)).board();
    assert!(board.steps.len() > 1_500);
    let page = html::render(&board, Lang::En);
    let bars = page.matches("class=\"bar ").count();
    assert!((100..=1_000).contains(&bars), "{bars}");
    assert!(page.contains("The charts show the nearest days"));
    assert_eq!(page.matches("id=\"ticket-").count(), 700);
    balanced(&page);
}

#[test]
fn an_empty_plan_has_a_page_and_a_text() {
    let mut case = morning();
    case.plan.steps.clear();
    let board = case.board();
    balanced(&html::render(&board, Lang::Zh));
    assert!(text::render(&board, layout(Lang::Zh)).contains("未排入"));
    let sheets = sheet::render(&board, Lang::En, sheet::Selection::default());
    assert!(sheets.contains("There is no work to print."));
}

#[test]
fn a_plan_by_hand_may_lack_ends_and_pieces_and_name_strangers() {
    let mut case = morning();
    let stranger = PlannedStep { ticket: "T-999".to_owned(), ..case.plan.steps[0].clone() };
    case.plan.steps = vec![stranger, case.plan.steps[0].clone()];
    case.plan.steps[1].end = None;
    case.plan.steps[1].pieces.clear();
    case.plan.steps[1].people.push("nobody".to_owned());
    let board = case.board();
    assert_eq!(board.steps.len(), 1);
    assert_eq!(board.steps.iter().next().unwrap().people.len(), 1);
    balanced(&html::render(&board, Lang::En));
}

#[test]
fn there_is_one_day_sheet_per_person_and_day() {
    let board = morning().board();
    let all = sheet::render(&board, Lang::Zh, sheet::Selection::default());
    assert_eq!(all.matches("<section>").count(), days(&board));
    let day = Day(board.day.0);
    let one =
        sheet::render(&board, Lang::Zh, sheet::Selection { person: Some("p0"), day: Some(day) });
    assert_eq!(one.matches("<section>").count(), 1);
    assert!(one.contains("陈立群") && one.contains("09:00–10:30") && one.contains("class=\"box\""));
    assert!(one.contains("工时 09:00–12:00 · 13:00–18:00"));
}

#[test]
fn a_day_sheet_says_where_to_go_when_to_leave_and_what_to_bring() {
    let board = morning().board();
    let sheet_of = |lang| {
        let selection = sheet::Selection { person: Some("p1"), day: Some(board.day) };
        sheet::render(&board, lang, selection)
    };
    // T-001 is filed at 10:30, 25 minutes from the office.
    assert!(sheet_of(Lang::En).contains("25 min from the office, leave by 10:05"));
    assert!(sheet_of(Lang::En).contains("company seal"));
    assert!(sheet_of(Lang::Zh).contains("从公司出发 25分，10:05 前动身"));
}
