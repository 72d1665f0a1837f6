//! What happened, in sentences: the name of it and its particulars in the words of people, times in
//! the local zone, money in yuan.

use std::fmt::Display;

use serde_json::Value;

use crate::app::service::desk::Entry;
use crate::calendar::{Moment, Zone};
use crate::desk::clock::Wait;
use crate::desk::life::{Material, Settlement};
use crate::model::lang::Lang;
use crate::policy::desk::{Cause, Degree, Post};
use crate::time::{Money, Tick};

/// What particulars are called. What is not named here is for programs: digests, keys of other
/// things, the whole ticket.
const NAMES: &[(&str, &str, &str)] = &[
    ("cause", "原因", "cause"),
    ("degree", "程度", "degree"),
    ("needed_ms", "最晚", "needed by"),
    ("wished_ms", "希望", "wished for"),
    ("stuck_at", "卡在", "stuck at"),
    ("reach_today", "今天可到", "reached today"),
    ("red_line", "红线", "red line"),
    ("alternative", "可改办", "instead"),
    ("items", "事项", "items"),
    ("item", "材料", "item"),
    ("found", "结论", "found"),
    ("expires_ms", "有效期至", "valid until"),
    ("finish_ms", "承诺", "promised for"),
    ("driver", "推进", "driver"),
    ("liaison", "对接", "liaison"),
    ("reviewer", "审核", "reviewer"),
    ("reason", "缘由", "because"),
    ("wait", "等待", "waits for"),
    ("what", "内容", "what"),
    ("remedy", "处理", "remedy"),
    ("steps", "步骤", "steps"),
    ("step", "步骤", "step"),
    ("state", "状态", "state"),
    ("tracking", "单号", "parcel"),
    ("well", "做得好", "went well"),
    ("improve", "待改进", "to improve"),
    ("earliest_ms", "最早", "earliest"),
    ("latest_ms", "最晚", "latest"),
    ("until_ms", "至", "until"),
    ("keep_until_ms", "保存至", "kept until"),
    ("to", "转给", "to"),
    ("rule", "规则", "rule"),
    ("amount_fen", "金额", "amount"),
    ("replaces_fen", "取代", "in place of"),
    ("version", "版本", "version"),
    ("name", "名称", "name"),
    ("advice", "建议", "advice"),
    ("due_ms", "时刻", "at"),
    ("timer", "时限", "clock"),
    ("promised", "承诺", "promised"),
    ("planned", "计划", "planned"),
    ("entry", "条目", "entry"),
    ("settled", "结算", "settled"),
    ("effect", "效果", "effect"),
    ("follow_up", "改正", "put right by"),
    ("needs_none", "无须改正", "nothing to do"),
    ("how", "办法", "how"),
    ("timeliness", "及时", "timeliness"),
    ("communication", "沟通", "communication"),
    ("result", "结果", "result"),
];

/// Particulars that are a word of a closed list.
const WORDS: &[&str] = &["wait", "to", "cause", "degree", "found"];

/// What happened, on one line.
pub(crate) fn sentence(entry: &Entry, lang: Lang) -> String {
    let name = lang.of(entry.name.zh.as_str(), entry.name.en.as_str());
    let mut parts = Vec::new();
    for (key, zh, en) in NAMES {
        let value = entry.payload.get(key).and_then(|value| spoken((key, entry), value, lang));
        parts.extend(value.map(|value| format!("{} {value}", lang.of(*zh, *en))));
    }
    if parts.is_empty() {
        return name.to_owned();
    }
    let (colon, comma) = lang.of(("：", "，"), (": ", ", "));
    format!("{name}{colon}{}", parts.join(comma))
}

/// A moment of a document of the service, in the local zone and to the second.
pub(crate) fn local(at: &str) -> String {
    let minute = at.get(..16).map(|minute| format!("{minute}Z"));
    let moment = minute.and_then(|minute| Moment::parse(&minute).ok());
    let Some(moment) = moment else { return at.to_owned() };
    let zone = Zone::default();
    let told = zone.moment(zone.tick_from(moment)).to_string();
    match (told.get(..16), at.get(16..19), told.get(16..)) {
        (Some(minute), Some(seconds), Some(offset)) => format!("{minute}{seconds}{offset}"),
        _ => told,
    }
}

fn spoken((key, entry): (&str, &Entry), value: &Value, lang: Lang) -> Option<String> {
    let called = |text: &str| match entry.names.get(text) {
        Some(name) => lang.of(name.zh.clone(), name.en.clone()),
        None => text.to_owned(),
    };
    match value {
        Value::String(text) if WORDS.contains(&key) => Some(labelled(key, text, lang)),
        Value::String(text) if !text.is_empty() => Some(called(text)),
        Value::Number(number) if key.ends_with("_ms") => {
            let tick = Tick(number.as_i64()?.div_euclid(60_000));
            Some(Zone::default().moment(tick).to_string())
        }
        Value::Number(number) if key.ends_with("_fen") => Some(Money(number.as_i64()?).to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(_) if key == "settled" => settled(value, lang),
        Value::Array(items) if !items.is_empty() => {
            let items: Vec<String> = items.iter().filter_map(Value::as_str).map(called).collect();
            Some(items.join(lang.of("、", ", ")))
        }
        _ => None,
    }
}

/// What calling off came to.
fn settled(value: &Value, lang: Lang) -> Option<String> {
    Some(settlement(&serde_json::from_value(value.clone()).ok()?, lang))
}

/// So many of what is called `one`, in English.
pub(super) fn many<N: Display + PartialEq + From<u8>>(count: N, one: &str) -> String {
    if count == N::from(1) { format!("{count} {one}") } else { format!("{count} {one}s") }
}

/// What calling off comes to, in words.
pub(super) fn settlement(settled: &Settlement, lang: Lang) -> String {
    let (count, money) = (settled.undone.len(), Money(settled.billed_fen));
    let minutes: i64 = settled.freed.values().sum();
    let sum = lang.of(
        format!("{count} 步未做完，应付 {money}，腾出 {minutes} 分钟"),
        format!("{} undone, {money} billed, {minutes} min free again", many(count, "step")),
    );
    let refund = Money(settled.refund_fen);
    match settled.refund_fen {
        0 => sum,
        _ => sum + &lang.of(format!("，退还 {refund}"), format!(", {refund} goes back")),
    }
}

/// A word of a closed list, as people say it.
fn labelled(key: &str, word: &str, lang: Lang) -> String {
    let value = Value::String(word.to_owned());
    let label = match key {
        "wait" => serde_json::from_value::<Wait>(value).ok().map(Wait::label),
        "cause" => serde_json::from_value::<Cause>(value).ok().map(Cause::label),
        "degree" => serde_json::from_value::<Degree>(value).ok().map(Degree::label),
        "found" => serde_json::from_value::<Material>(value).ok().map(Material::label),
        _ => serde_json::from_value::<Post>(value).ok().map(Post::label),
    };
    label.map_or_else(|| word.to_owned(), |label| lang.of(label.zh, label.en))
}
