//! The words of reports, always in both languages. Knows no layout.

use super::board::{Board, Event, Fate, Gap, KeyMoment, Step, Whose};
use super::front;
use super::wall::{self, Wall};
use crate::calendar::Label;
use crate::id::Id;
use crate::model::cost::{Loss, Weights};
use crate::model::lang::Lang;
use crate::model::people::BandKind;
use crate::model::plan::{BoundMethod, Standing, UnservedReason};
use crate::time::Money;

/// Most names of people who can stand in for each other; one more is named rather than counted.
const NAMED: usize = 3;

/// The two wordings together, for literals.
pub(super) fn label(zh: &str, en: &str) -> Label {
    Label::new(zh, en)
}

/// The wording of one language.
pub(super) fn of(label: &Label, lang: Lang) -> &str {
    lang.of(&label.zh, &label.en)
}

/// One label made of both wordings by a function of the language.
pub(super) fn each(make: impl Fn(Lang) -> String) -> Label {
    Label::new(make(Lang::Zh), make(Lang::En))
}

/// Names side by side: `张三、李四` or `Zhang San, Li Si`.
pub(super) fn list(names: &[&Label]) -> Label {
    let joined = |lang: Lang| {
        let names: Vec<&str> = names.iter().map(|name| of(name, lang)).collect();
        names.join(lang.of("、", ", "))
    };
    each(joined)
}

/// What the board is called.
pub(super) fn title(board: &Board) -> Label {
    let day = board.day;
    each(|lang| {
        let weekday = wall::weekday(day, lang);
        lang.of(format!("派单计划 {day} {weekday}"), format!("Dispatch plan, {weekday} {day}"))
    })
}

/// A length of time in both languages.
pub(super) fn length(minutes: i64) -> Label {
    each(|lang| wall::length(minutes, lang))
}

/// Working time in both languages.
pub(super) fn worked(minutes: i64) -> Label {
    each(|lang| wall::worked(minutes, lang))
}

/// A date with its weekday: `03-02 周一`.
pub(super) fn day(day: crate::calendar::Day) -> Label {
    each(|lang| format!("{} {}", wall::date(day), wall::weekday(day, lang)))
}

/// The kind of working time.
pub(super) fn band(band: Option<BandKind>) -> Label {
    match band {
        Some(BandKind::Regular) => label("正常", "regular"),
        Some(BandKind::Overtime) => label("加班", "overtime"),
        Some(BandKind::OnCall) => label("值班", "on call"),
        None => label("工时之外", "outside all hours"),
    }
}

/// Where a step stands; nothing for an ordinary planned one.
pub(super) fn standing(standing: Standing) -> Option<Label> {
    match standing {
        Standing::Planned => None,
        Standing::Frozen => Some(label("已冻结", "frozen")),
        Standing::Begun => Some(label("进行中", "under way")),
        Standing::Done => Some(label("已完成", "done")),
    }
}

/// Where a ticket stands.
pub(super) fn fate(fate: Fate) -> Label {
    match fate {
        Fate::Unserved => label("未排入", "unserved"),
        Fate::Late => label("逾期", "late"),
        Fate::InTime => label("按时", "in time"),
        Fate::NoDue => label("无期限", "no due time"),
    }
}

/// Which track a ticket is on.
pub(super) fn track(urgent: bool) -> Label {
    if urgent { label("加急", "urgent") } else { label("常规", "normal") }
}

/// How many rules are broken.
pub(super) fn violations(count: usize) -> Label {
    let more = if count == 1 { "" } else { "s" };
    Label::new(format!("违规 {count} 处"), format!("{count} violation{more}"))
}

/// Why a ticket is left out.
pub(super) fn unserved(reason: Option<UnservedReason>) -> Label {
    match reason {
        None => label("未说明", "not stated"),
        Some(UnservedReason::NobodyEligible) => {
            label("有步骤无人可做", "nobody may do one of its steps")
        }
        Some(UnservedReason::CannotFit) => {
            label("即使单独排也来不及完成", "cannot end in time even alone")
        }
        Some(UnservedReason::HeldByPins) => {
            label("被已固定的安排占住", "held back by what is fixed")
        }
        Some(UnservedReason::Companion) => {
            label("同批或前置工单未排入", "a ticket it depends on is left out")
        }
        Some(UnservedReason::NoRoom) => label("人手不够", "no room beside the others"),
        Some(UnservedReason::Dearer) => {
            label("排入比不排代价更高", "serving it would cost more than leaving it out")
        }
    }
}

/// How a bound was proven.
pub(super) fn bound(method: BoundMethod) -> Label {
    match method {
        BoundMethod::TicketsAlone => {
            label("逐单独立最优之和", "each ticket alone with the fastest people")
        }
        BoundMethod::PricedTime => {
            label("人员工时定价后的逐单最优", "each ticket at the best prices of people's time")
        }
    }
}

/// Why no plan can cost less, for readers who want to know.
pub(super) fn proof(method: BoundMethod) -> Label {
    match method {
        BoundMethod::TicketsAlone => label(
            "每张工单都假定独占全部人手，由最快的人办理；任何计划都不会低于这样算出的费用之和。",
            "Each ticket is reckoned as if it had everybody for itself and the fastest people did \
             it; no plan costs less than all of that together.",
        ),
        BoundMethod::PricedTime => label(
            "给每人每时段的时间定价，每张工单在此价格下取最低费用，再减去全部可用时间的总价；\
             任何计划都不会低于这个数。",
            "People's time is given a price, each ticket is as cheap as it can be at those prices, \
             and what all their time is worth is taken off; no plan costs less than that.",
        ),
    }
}

/// The parts of a gap that lie in no ticket.
pub(super) fn beside(gap: &Gap) -> [(Label, Money); 2] {
    [
        (label("有价而无人工作的时间", "priced time nobody works"), gap.idle),
        (label("变更、负荷不均等", "change, imbalance and the like"), gap.other),
    ]
}

/// Whose hour it is; of many people the first few, and how many they are.
pub(super) fn whose(board: &Board, whose: &Whose) -> Label {
    match whose {
        Whose::Skill(name) => name.clone(),
        Whose::People(people) => {
            let named = if people.len() > NAMED + 1 { NAMED } else { people.len() };
            let names: Vec<&Label> =
                people[..named].iter().map(|id| &board.people[*id].name).collect();
            let Label { zh, en } = list(&names);
            let (all, left) = (people.len(), people.len() - named);
            match left {
                0 => Label { zh, en },
                _ => Label::new(format!("{zh}等 {all} 人"), format!("{en} and {left} more")),
            }
        }
    }
}

/// By which weights a plan is made and priced that was chosen from a front.
pub(super) fn weights(weights: Weights) -> Label {
    let ratio = front::ratio(weights);
    Label::new(
        format!("权重（紧急 : 客户价值）{ratio}，为本计划选定"),
        format!("weights (urgency : client value) {ratio}, chosen for this plan"),
    )
}

/// A gap in hundredths of a percent: `12.34%`.
pub(super) fn percent(basis_points: u32) -> String {
    format!("{}.{:02}%", basis_points / 100, basis_points % 100)
}

/// One part of the bill.
pub(super) struct Part {
    /// What style sheets call it.
    pub(super) class: &'static str,
    pub(super) name: Label,
    /// What is minimised.
    pub(super) amount: Money,
    /// In money: urgency, client value.
    pub(super) split: Option<(Money, Money)>,
}

/// The parts of the bill, which add up to its total.
pub(super) fn bill(board: &Board) -> Vec<Part> {
    let bill = &board.bill;
    let part = |class, zh, en, amount| Part { class, name: label(zh, en), amount, split: None };
    let loss = |class, zh, en, loss: &Loss| Part {
        split: Some((loss.urgency_fen, loss.client_value_fen)),
        ..part(class, zh, en, loss.weighted_fen)
    };
    vec![
        loss("late", "逾期损失", "Lateness", &bill.lateness),
        loss("out", "未排入", "Unserved", &bill.unserved),
        part("extra", "加班与值班", "Overtime and on-call", bill.overtime_fen),
        part("change", "变更", "Change", bill.change_fen),
        part("load", "负荷不均", "Imbalance", bill.imbalance_fen),
        part("wish", "偏离偏好", "Preference", bill.preference_fen),
    ]
}

/// The names of a step's people; for a wait whoever does it outside, or "等待".
pub(super) fn crew(board: &Board, step: &Step) -> Label {
    if step.people.is_empty() {
        return step.by.clone().unwrap_or_else(|| label("等待", "wait"));
    }
    let names: Vec<&Label> = step.people.iter().map(|id| &board.people[*id].name).collect();
    list(&names)
}

/// The kind of a key moment, in a word.
pub(super) fn kind(event: Event) -> (&'static str, Label) {
    match event {
        Event::Due(_) => ("due", label("到期", "Due")),
        Event::Closing(..) => ("closing", label("关门", "Closing")),
        Event::HandOver(..) => ("hand", label("交接", "Hand-over")),
        Event::Extra(..) => ("extra", label("加时", "Extra hours")),
        Event::ClientTrip(_) => ("trip", label("客户到场", "Client comes")),
        Event::Answer(_) => ("answer", label("出结果", "Answer")),
    }
}

/// A key moment as a sentence.
pub(super) fn moment(board: &Board, moment: &KeyMoment) -> Label {
    let wall = Wall(board.zone);
    let ticket = |step: Id<Step>| &board.tickets[board.steps[step].ticket];
    let name = |step: Id<Step>, lang: Lang| {
        let title = of(&board.steps[step].name, lang);
        format!("{} {title}", ticket(step).key)
    };
    match moment.event {
        Event::Due(id) => due(board, id),
        Event::Closing(bureau, step) => each(|lang| {
            let (bureau, step_name) = (of(&board.bureaus[bureau].name, lang), name(step, lang));
            let start = wall.clock(board.steps[step].span.start);
            lang.of(
                format!("{bureau}关门；{step_name} 须在此前进门（计划 {start}）"),
                format!("{bureau} closes; {step_name} has to begin before (planned {start})"),
            )
        }),
        Event::HandOver(from, to) => each(|lang| {
            let giver = crew(board, &board.steps[from]);
            let taker = crew(board, &board.steps[to]);
            let (giver, taker, step) = (of(&giver, lang), of(&taker, lang), name(to, lang));
            lang.of(
                format!("{giver} 交给 {taker}：{step}"),
                format!("{giver} hands over to {taker}: {step}"),
            )
        }),
        Event::Extra(person, step) => each(|lang| {
            let (who, step) = (of(&board.people[person].name, lang), name(step, lang));
            lang.of(
                format!("{who} 开始加班或值班：{step}"),
                format!("{who} works extra hours: {step}"),
            )
        }),
        Event::ClientTrip(step) => each(|lang| {
            let client = ticket(step).client.as_ref().map_or("", |client| of(client, lang));
            let place = board.steps[step].site.as_ref().map_or("", |site| of(site, lang));
            let step = name(step, lang);
            lang.of(
                format!("客户 {client} 到场 {place}：{step}"),
                format!("client {client} comes to {place}: {step}"),
            )
        }),
        Event::Answer(step) => each(|lang| {
            let by = crew(board, &board.steps[step]);
            let (by, step) = (of(&by, lang), name(step, lang));
            lang.of(format!("{by} 应有结果：{step}"), format!("{by} should answer: {step}"))
        }),
    }
}

fn due(board: &Board, id: Id<super::board::Ticket>) -> Label {
    let ticket = &board.tickets[id];
    let wall = Wall(board.zone);
    each(|lang| {
        let (key, title) = (&ticket.key, of(&ticket.title, lang));
        let finish = ticket.finish.map(|finish| wall.stamp(finish)).unwrap_or_default();
        let late = ticket.late_minutes();
        if late > 0 {
            let late = wall::length(late, lang);
            return lang.of(
                format!("{key} {title} 到期，计划 {finish} 完成，晚 {late}"),
                format!("{key} {title} is due; planned finish {finish}, {late} late"),
            );
        }
        lang.of(
            format!("{key} {title} 到期，计划 {finish} 完成"),
            format!("{key} {title} is due; planned finish {finish}"),
        )
    })
}
