//! A forecast on a terminal.

use super::super::say::{label, of};
use super::super::text::{Layout, closed, right, table as blank};
use crate::calendar::Label;
use crate::model::forecast::Forecast;
use crate::model::lang::Lang;

/// The days to come, or that no forecast is possible; and what was learnt.
#[must_use]
pub fn forecast(told: &Forecast, lang: Lang) -> String {
    let layout = Layout { lang, width: None, rows: usize::MAX, rest: None };
    let mut out = String::new();
    for sentence in sentences(told) {
        out += &format!("{}\n", of(&sentence, lang));
    }
    if told.days.is_empty() {
        return out;
    }
    let heads = [("日期", "date"), ("预计工单", "tickets"), ("90% 区间", "90 % interval")];
    let mut rows = blank(layout, &heads);
    for day in &told.days {
        let interval = format!("{} – {}", day.low, day.high);
        rows.add_row([
            right(day.date.to_string()),
            right(tenths(day.expected_permille)),
            right(interval),
        ]);
    }
    out + &closed(&rows, 0, layout)
}

/// Thousandths to one place after the point.
fn tenths(permille: i64) -> String {
    let tenths = (permille + 50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn sentences(told: &Forecast) -> [Label; 2] {
    let Forecast { first, last, calls, test, .. } = told;
    let level = tenths(told.level_permille);
    let days: Vec<String> =
        told.weekdays_permille.iter().map(|part| (part / 10).to_string()).collect();
    let (days, filing) = (days.join(" · "), told.filing_permille / 10);
    let learnt = Label {
        zh: format!(
            "{first} 至 {last} 共 {calls} 单；近四周每天 {level} 单；周一至周日为平均的（%）\
             {days}；每月 10–15 日为其他日子的 {filing}%。"
        ),
        en: format!(
            "{calls} tickets from {first} to {last}; of late {level} a day; Monday to Sunday bring \
             {days} % of an average day; the 10th to 15th bring {filing} % of other dates."
        ),
    };
    let (covered, tested) = (test.covered, test.days);
    let verdict = match test.is_passed {
        true => label("可以预测。", "A forecast is possible."),
        false => label("不能预测。", "No forecast is possible."),
    };
    [
        learnt,
        Label {
            zh: format!(
                "回测：最后 {tested} 天中有 {covered} 天落在 90% 区间内（应为 85% 至 95%）。{}",
                verdict.zh
            ),
            en: format!(
                "Back-test: on {covered} of the last {tested} days the count lay within the 90 % \
                 interval (85 to 95 % are asked). {}",
                verdict.en
            ),
        },
    ]
}
