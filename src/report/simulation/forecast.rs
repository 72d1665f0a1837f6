//! A forecast on a terminal.

use super::super::say::{label, of};
use super::super::text::{Layout, closed, right, table as blank};
use crate::calendar::Label;
use crate::model::forecast::{BackTest, Callers, CallersTest, Forecast};
use crate::model::lang::Lang;

/// The days to come, or that no forecast is possible; and what was learnt.
#[must_use]
pub fn forecast(told: &Forecast, lang: Lang) -> String {
    let layout = Layout { lang, width: None, rows: usize::MAX, rest: None };
    let mut out = String::new();
    for sentence in sentences(told) {
        out += &format!("{}\n", of(&sentence, lang));
    }
    if !told.days.is_empty() {
        out += &days(told, layout);
    }
    if let Some(callers) = &told.callers {
        out += &likely(callers, layout);
    }
    out
}

/// The coming days.
fn days(told: &Forecast, layout: Layout) -> String {
    let mut heads = vec![("日期", "date"), ("预计工单", "tickets"), ("90% 区间", "90 % interval")];
    if told.days.iter().any(|day| day.reserve.is_some()) {
        heads.extend([("预留（单）", "keep free for"), ("预期损失", "expected cost")]);
    }
    let mut rows = blank(layout, &heads);
    for day in &told.days {
        let interval = format!("{} – {}", day.low, day.high);
        let mut cells = vec![day.date.to_string(), tenths(day.expected_permille), interval];
        if let Some(reserve) = day.reserve {
            cells.extend([reserve.calls.to_string(), reserve.cost_fen.to_string()]);
        }
        rows.add_row(cells.into_iter().map(right));
    }
    closed(&rows, 0, layout)
}

/// Who is likely to call.
fn likely(callers: &Callers, layout: Layout) -> String {
    let Callers { column, days, test, rows } = callers;
    let CallersTest { windows, expected, called, better_percent, .. } = test;
    let verdict = match test.is_passed {
        true => label("可以预测。", "It can be told who."),
        false => label(
            "不能预测是谁（优势不足以排除偶然，或人数不符）。",
            "It cannot be told who: that may be chance, or the numbers do not fit.",
        ),
    };
    let said = Label {
        zh: format!(
            "按“{column}”：回测 {windows} 段（每段 {days} 天），预计 {expected} 位，实际 {called} 位，误差\
             比一视同仁小 {better_percent}%。{}",
            verdict.zh
        ),
        en: format!(
            "By \"{column}\": in {windows} windows of {days} days {expected} were expected to call \
             and {called} did; errors are {better_percent} % smaller than saying the same of all. \
             {}",
            verdict.en
        ),
    };
    let mut out = format!("{}\n", of(&said, layout.lang));
    if !rows.is_empty() {
        let heads = [
            ("谁", "who"),
            ("已来", "calls so far"),
            ("预计", "expected"),
            ("至少一单的概率", "chance of one"),
        ];
        let mut table = blank(layout, &heads);
        for row in rows {
            let chance = format!("{}%", tenths(i64::from(row.chance_permille) * 100));
            let cells = [row.calls.to_string(), tenths(row.expected_permille), chance];
            let mut line = vec![row.name.clone().into()];
            line.extend(cells.map(right));
            table.add_row(line);
        }
        out += &closed(&table, 0, layout);
    }
    out
}

/// Thousandths to one place after the point.
fn tenths(permille: i64) -> String {
    let tenths = (permille + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// What is learnt of holidays, months and a trend, where anything is.
fn more(told: &Forecast) -> Label {
    let mut said = label("", "");
    let percent = |permille: i64| format!("{}%", tenths(permille * 100));
    if let Some((holiday, make_up)) = told.holiday_permille.zip(told.make_up_permille) {
        // Of what the log has not seen nothing was learnt: it is taken for something else.
        let (holiday_zh, holiday_en) = match told.holidays_seen {
            Some(0) => (
                "记录中没有节假日，按周日计".to_owned(),
                "public holidays were not seen in the history and are taken for Sundays".to_owned(),
            ),
            _ => (
                format!("节假日为平均日的 {}", percent(holiday)),
                format!("a public holiday brings {} of an average day", percent(holiday)),
            ),
        };
        let (make_up_zh, make_up_en) = match told.make_ups_seen {
            Some(0) => (
                "记录中没有调休上班日，按平常工作日计".to_owned(),
                "make-up days were not seen in the history and are taken for working days"
                    .to_owned(),
            ),
            _ => (
                format!("调休上班日为 {}", percent(make_up)),
                format!("a make-up day brings {}", percent(make_up)),
            ),
        };
        said.zh += &format!("（逢休顺延）；{holiday_zh}，{make_up_zh}");
        said.en += &format!(" (moved over days off); {holiday_en}, {make_up_en}");
    }
    if told.months_permille.iter().any(|part| *part != 1_000) {
        let months: Vec<String> =
            told.months_permille.iter().map(|part| (part / 10).to_string()).collect();
        let months = months.join(" · ");
        said.zh += &format!("；一至十二月为（%）{months}");
        said.en += &format!("; January to December bring {months} %");
    }
    if told.trend_permille != 0 {
        let sign = if told.trend_permille < 0 { "-" } else { "+" };
        let trend = percent(told.trend_permille.abs());
        said.zh += &format!("；每周变化 {sign}{trend}");
        said.en += &format!("; a week changes the level by {sign}{trend}");
    }
    said
}

/// That the test went over too few days for its share, if so.
fn short(test: &BackTest) -> Label {
    let (days, off) = (test.days, tenths(i64::from(test.uncertain_permille) * 100));
    if !test.is_short() {
        return label("", "");
    }
    Label {
        zh: format!("{days} 天太少：单凭偶然此比例就会差 {off} 个百分点，说明不了什么。"),
        en: format!(
            "{days} days are too few to tell: chance alone moves that share by {off} percentage \
             points. "
        ),
    }
}

fn sentences(told: &Forecast) -> [Label; 2] {
    let Forecast { first, last, calls, test, .. } = told;
    let level = tenths(told.level_permille);
    let days: Vec<String> =
        told.weekdays_permille.iter().map(|part| (part / 10).to_string()).collect();
    let (days, filing, due) = (days.join(" · "), told.filing_permille / 10, told.due);
    let more = more(told);
    let learnt = Label {
        zh: format!(
            "{first} 至 {last} 共 {calls} 单；近四周每天 {level} 单；周一至周日为平均的（%）\
             {days}；每月 {due} 日申报截止前五天至当天为其他日子的 {filing}%{}。",
            more.zh
        ),
        en: format!(
            "{calls} tickets from {first} to {last}; of late {level} a day; Monday to Sunday bring \
             {days} % of an average day; the five days before filings are due on day {due} and \
             that day bring {filing} % of other dates{}.",
            more.en
        ),
    };
    let (covered, tested) = (test.covered, test.days);
    let held = tenths(i64::from(test.held_permille) * 100);
    let verdict = match test.is_passed {
        true => label("可以预测。", "A forecast is possible."),
        false => label("不能预测。", "No forecast is possible."),
    };
    let short = short(test);
    [
        learnt,
        Label {
            zh: format!(
                "回测：最后 {tested} 天中有 {covered} 天落在 90% 区间内；扣除整数取整的余量后为\
                 {held}%（应为 85% 至 95%）。{}{}",
                short.zh, verdict.zh
            ),
            en: format!(
                "Back-test: on {covered} of the last {tested} days the count lay within the 90 % \
                 interval; less what whole tickets give it, that is {held} % (85 to 95 % are \
                 asked). {}{}",
                short.en, verdict.en
            ),
        },
    ]
}
