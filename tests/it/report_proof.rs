//! Reports: how far a plan is from the best possible, and what one more hour is worth.

use paidan::calendar::Label;
use paidan::model::lang::Lang;
use paidan::model::plan::BoundMethod;
use paidan::model::proof::{Gap, HourPrice};
use paidan::report::board::{Board, Whose};
use paidan::report::text::Layout;
use paidan::report::{html, text};
use paidan::time::Money;
use serde_json::{Value, json};

use crate::report_case::{Case, morning};

/// The morning with a gap of ¥5,000 of which three tickets have ¥4,500.01, and prices by day.
fn proven() -> Case {
    let mut case = morning();
    case.scenario.skills[0].name = Some(Label::new("税务", "tax work"));
    let gap = json!({
        "tickets": [{"ticket": "T-003", "fen": 300_000}, {"ticket": "T-001", "fen": 150_000},
                    {"ticket": "gone", "fen": 140_000}, {"ticket": "T-002", "fen": 1}],
        "skills": [{"skill": "work", "fen": 450_001}],
        "days": [{"date": "2026-03-02", "fen": 50_000}, {"date": "2026-03-03", "fen": 400_001}],
        "idle_fen": 40_000, "other_fen": 9_999,
    });
    let bound = case.plan.bound.as_mut().unwrap();
    bound.method = BoundMethod::PricedTime;
    bound.gap = Some(serde_json::from_value::<Gap>(gap).unwrap());
    let price = |date: &str, skill: Option<&str>, people: &[&str], fen: i64| {
        let mut price = json!({"date": date, "people": people, "fen_per_hour": fen});
        if let Some(skill) = skill {
            price["skill"] = json!(skill);
        }
        price
    };
    case.plan.prices = prices(&[
        price("2026-03-02", None, &["p0", "p1"], 20_000),
        price("2026-03-03", None, &["p0", "p1"], 23_000),
        price("2026-03-03", None, &["p2", "p3", "p4", "p5", "p6"], 24_500),
        price("2026-03-04", None, &["stranger"], 99_000),
        price("2026-03-03", Some("work"), &[], 23_000),
        price("2026-03-04", Some("work"), &[], 700),
        price("2026-03-05", Some("work"), &[], 0),
    ]);
    case
}

fn prices(rows: &[Value]) -> Vec<HourPrice> {
    serde_json::from_value(json!(rows)).unwrap()
}

fn summary(board: &Board, lang: Lang) -> String {
    text::summary(board, Layout { lang, ..Layout::default() })
}

/// The cells of the first row of a text that begins with `head`.
fn row<'a>(text: &'a str, head: &str) -> &'a str {
    text.lines().map(str::trim).find(|line| line.starts_with(head)).unwrap_or_default()
}

/// The section of the page with this id; empty when there is none.
fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let Some(start) = page.find(&format!("<section id=\"{id}\"")) else { return "" };
    &page[start..start + page[start..].find("</section>").unwrap()]
}

#[test]
fn hours_have_names_and_stand_dearest_first() {
    let board = proven().board();
    let whose: Vec<&Whose> = board.hours.iter().map(|hour| &hour.whose).collect();
    assert_eq!(*whose[0], Whose::Skill(Label::new("税务", "tax work")));
    let size = |whose: &Whose| match whose {
        Whose::People(people) => people.len(),
        Whose::Skill(_) => 0,
    };
    // The stranger is nobody; five people at ¥245 stand before two at ¥230.
    assert_eq!(whose.iter().map(|whose| size(whose)).collect::<Vec<_>>(), [0, 5, 2]);
    assert_eq!(board.hours[2].most(), Money(23_000));
    // Of ¥230 twice on 3 March the skill stands first; ¥0 on 5 March is nothing.
    let worth: Vec<i64> = board.scarcest().iter().map(|(_, _, worth)| worth.0).collect();
    assert_eq!(worth, [24_500, 23_000, 23_000, 20_000, 700]);
    assert!(matches!(board.scarcest()[1].0, Whose::Skill(_)));
}

/// R057, R100: where the cost above the bound lies and which hours are scarcest, in both
/// languages.
#[test]
fn the_terminal_tells_where_the_gap_lies_and_the_scarcest_hours() {
    let board = proven().board();
    let (zh, en) = (summary(&board, Lang::Zh), summary(&board, Lang::En));
    for (head, amount) in [
        ("Tickets           T-003 Bookkeeping", "¥3,000.00"),
        ("T-001 VAT filing", "¥1,500.00"),
        ("T-002 Change of shareholders", "¥0.01"),
        ("Skills            tax work", "¥4,500.01"),
        ("priced time nobody works", "¥400.00"),
    ] {
        assert!(row(&en, head).ends_with(amount), "{head} in {en}");
    }
    assert!(!en.contains("gone"));
    // The dearest date stands first.
    let (dearest, other) = (zh.find("03-03 周二").unwrap(), zh.find("03-02 周一   ").unwrap());
    assert!(dearest < other && row(&zh, "日期").ends_with("¥4,000.01"), "{zh}");
    assert!(row(&zh, "变更、负荷不均等").ends_with("¥99.99"), "{zh}");
    let scarcest: Vec<&str> = en.lines().skip_while(|line| !line.contains("Scarcest")).collect();
    let told = "Wang Siqi, Lin Xiaodong, Zheng Haiyan and 2 more";
    assert!(scarcest[2].contains("03-03 Tue") && scarcest[2].contains(told), "{en}");
    assert!(scarcest[2].trim_end().ends_with("¥245.00"), "{en}");
    assert!(scarcest[3].contains("tax work") && scarcest[4].contains("Chen Liqun, Zhou Yawen"));
    assert!(zh.contains("王思齐、林晓东、郑海燕等 5 人"), "{zh}");
}

#[test]
fn the_terminal_shows_five_hours_and_three_parts_at_most() {
    let mut case = proven();
    let dates = ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"];
    let row = |(nth, date): (usize, &&str)| json!({"date": date, "skill": "work", "fen_per_hour": 1_000 + nth});
    let mut rows: Vec<Value> = dates.iter().enumerate().map(row).collect();
    rows.push(json!({"date": "2026-03-06", "people": ["p0"], "fen_per_hour": 999}));
    case.plan.prices = prices(&rows);
    let gap = case.plan.bound.as_mut().unwrap().gap.as_mut().unwrap();
    gap.tickets[2].ticket = "T-004".to_owned();
    let shown = summary(&case.board(), Lang::En);
    // 10.04, 10.03, … 10.00 of the skill; ¥9.99 of Chen Liqun is the sixth.
    assert!(shown.contains("¥10.04") && shown.contains("¥10.00") && !shown.contains("¥9.99"));
    assert_eq!(self::row(&shown, "1 more"), "1 more");
    assert_eq!(self::row(&shown, "T-002"), "", "the fourth part");
}

#[test]
fn nothing_is_said_where_the_plan_says_nothing() {
    let mut case = morning();
    for heads in [["Scarcest", "gap lies"], ["最紧缺", "差距在于"]] {
        let lang = if heads[0].is_ascii() { Lang::En } else { Lang::Zh };
        let shown = summary(&case.board(), lang);
        assert!(heads.iter().all(|head| !shown.contains(head)), "{shown}");
    }
    let page = html::render(&case.board(), Lang::En);
    let panel = section(&page, "proof");
    assert!(panel.contains("Each ticket is reckoned as if it had everybody for itself"));
    assert!(!panel.contains("Where the gap lies") && !panel.contains("<table"));
    // A plan that is proven best has no gap to speak of.
    let bound = case.plan.bound.as_mut().unwrap();
    (bound.gap_basis_points, bound.gap) = (0, Some(Gap::default()));
    let page = html::render(&case.board(), Lang::En);
    assert!(section(&page, "proof").contains("0.00%"));
    assert!(!section(&page, "proof").contains("Where the gap lies"));
    assert!(!summary(&case.board(), Lang::En).contains("gap lies"));
    case.plan.bound = None;
    assert_eq!(section(&html::render(&case.board(), Lang::En), "proof"), "");
}

#[test]
fn the_page_tells_bound_method_gap_and_where_it_lies() {
    let case = proven();
    let board = case.board();
    let page = html::render(&board, Lang::Zh);
    let panel = section(&page, "proof");
    for words in ["¥3,100.00", "12.34%", "离最优最多差多少", "How far from the best possible"]
    {
        assert!(panel.contains(words), "{words}");
    }
    assert!(panel.contains(&board.bill.total_fen.to_string()));
    assert!(panel.contains("People&#39;s time is given a price"), "the method in a sentence");
    assert!(panel.contains("给每人每时段的时间定价"));
    assert!(panel.contains("<a href=\"#ticket-2\">") && panel.contains("T-003"), "{panel}");
    // T-001 has half of what T-003 has: 150,000 / 300,000.
    assert!(panel.contains("width:100%") && panel.contains("width:50%"));
    assert!(panel.contains("In no ticket: priced time nobody works ¥400.00; "));
    assert!(!panel.contains("gone"));
}

/// R057: a row per skill, then per group of people; a column per date on which an hour is worth
/// something.
#[test]
fn the_page_has_a_table_of_what_hours_are_worth() {
    let page = html::render(&proven().board(), Lang::En);
    let table = &page[page.find("<table class=\"worth\"").unwrap()..];
    let table = &table[..table.find("</table>").unwrap()];
    let (head, body) = table.split_once("<tbody>").unwrap();
    // 2, 3 and 4 March; the 5th is worth nothing.
    let dates = ["03-02 Mon", "03-03 Tue", "03-04 Wed"];
    assert!(dates.iter().all(|date| head.contains(date)) && !head.contains("03-05"));
    let rows: Vec<&str> = body.split("<tr>").skip(1).collect();
    assert_eq!(rows.len(), 3);
    assert!(rows[0].contains("tax work") && rows[0].contains("税务"));
    assert!(rows[1].contains("Wang Siqi") && rows[2].contains("Chen Liqun, Zhou Yawen"));
    let amounts = |row: &str| -> Vec<String> {
        let cells = row.split("<td class=\"number\"").skip(1);
        cells
            .map(|cell| cell[cell.find('>').unwrap() + 1..cell.find('<').unwrap()].to_owned())
            .collect()
    };
    assert_eq!(amounts(rows[0]), ["", "¥230.00", "¥7.00"]);
    assert_eq!(amounts(rows[1]), ["", "¥245.00", ""]);
    assert_eq!(amounts(rows[2]), ["¥200.00", "¥230.00", ""]);
    // On a phone each amount stands beside its date.
    assert!(
        rows[2].contains("data-zh=\"03-02 周一\"") && rows[2].contains("data-en=\"03-02 Mon\"")
    );
}

#[test]
fn the_largest_amounts_there_are_can_be_shown() {
    let mut case = proven();
    case.plan.prices[0].fen_per_hour = Money(i64::MAX);
    case.plan.bound.as_mut().unwrap().gap.as_mut().unwrap().tickets[0].fen = Money(i64::MAX);
    let page = html::render(&case.board(), Lang::En);
    // The dearest hour is tinted most, at a quarter; ¥245 beside it not at all.
    assert!(page.contains("--heat:25%") && page.contains("--heat:0%"));
    assert!(summary(&case.board(), Lang::En).contains("¥92,233,720,368,547,758.07"));
}

#[test]
fn a_table_of_many_hours_says_how_much_it_leaves_out() {
    let mut case = proven();
    let row = |nth: usize| {
        let date = format!("2026-03-{:02}", 1 + nth % 16);
        json!({"date": date, "people": [format!("p{}", nth % 14)], "fen_per_hour": 100 + nth})
    };
    case.plan.prices = prices(&(0..112).map(row).collect::<Vec<_>>());
    let page = html::render(&case.board(), Lang::En);
    // Sixteen dates, of which fourteen are shown; all of fourteen people.
    assert!(page.contains("0 rows and 2 days are not shown"));
}
