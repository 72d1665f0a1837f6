//! The plan as tables for people: by person, by ticket, unserved, cost, what hours are worth.

use std::collections::BTreeMap;

use crate::calendar::{Label, Moment};
use crate::model::lang::Lang;
use crate::model::people::{Client, Person};
use crate::model::plan::{Plan, PlannedStep, Standing, UnservedReason};
use crate::model::scenario::Scenario;
use crate::model::ticket::Ticket;
use crate::model::written::written_step;
use crate::time::{Money, Tick};

/// A table of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum View {
    /// One row per person and step, in order of start.
    ByPerson,
    /// One row per ticket, in the scenario's order.
    ByTicket,
    /// One row per ticket left out.
    Unserved,
    /// One row per part of the bill.
    Cost,
    /// One row per date and skill or people whose hour is worth something.
    Prices,
}

impl View {
    /// All of them, in the order of sheets.
    pub const ALL: [View; 5] =
        [View::ByPerson, View::ByTicket, View::Unserved, View::Cost, View::Prices];

    /// Its name.
    #[must_use]
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            View::ByPerson => lang.of("按员工", "By person"),
            View::ByTicket => lang.of("按工单", "By ticket"),
            View::Unserved => lang.of("未排入", "Unserved"),
            View::Cost => lang.of("费用", "Cost"),
            View::Prices => lang.of("工时价值", "Worth of hours"),
        }
    }
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    Yuan(Money),
    /// A minute of the plan's wall clock.
    Time(Moment),
    Nothing,
}

/// Headings and rows.
pub(super) struct Table {
    pub(super) headings: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Value>>,
}

/// One table of `plan` as CSV; `scenario` gives the names.
#[must_use]
pub fn plan_csv(plan: &Plan, scenario: &Scenario, view: View, lang: Lang) -> Vec<u8> {
    let table = table(plan, scenario, view, lang);
    let headings = table.headings.iter().map(|heading| (*heading).to_owned()).collect();
    let rows = table.rows.iter().map(|row| row.iter().map(shown).collect());
    super::comma::write(std::iter::once(headings).chain(rows))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Yuan(Money(fen)) => {
            let sign = if *fen < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
        }
        Value::Time(moment) => local(*moment),
        Value::Nothing => String::new(),
    }
}

/// `2026-03-02 09:00`.
fn local(moment: Moment) -> String {
    let minute = moment.minute();
    format!("{} {:02}:{:02}", moment.day(), minute / 60, minute % 60)
}

pub(super) fn table(plan: &Plan, scenario: &Scenario, view: View, lang: Lang) -> Table {
    let names = Lookup::new(plan, scenario, lang);
    match view {
        View::ByPerson => by_person(&names),
        View::ByTicket => by_ticket(&names),
        View::Unserved => unserved(&names),
        View::Cost => cost(&names),
        View::Prices => prices(&names),
    }
}

/// Plan and scenario with everything found by its key.
struct Lookup<'a> {
    plan: &'a Plan,
    scenario: &'a Scenario,
    lang: Lang,
    tickets: BTreeMap<&'a str, usize>,
    people: BTreeMap<&'a str, &'a Person>,
    clients: BTreeMap<&'a str, &'a Client>,
}

impl<'a> Lookup<'a> {
    fn new(plan: &'a Plan, scenario: &'a Scenario, lang: Lang) -> Lookup<'a> {
        let tickets = scenario.tickets.iter().enumerate();
        Lookup {
            plan,
            scenario,
            lang,
            tickets: tickets.map(|(row, ticket)| (ticket.id.as_str(), row)).collect(),
            people: scenario.people.iter().map(|p| (p.id.as_str(), p)).collect(),
            clients: scenario.clients.iter().map(|c| (c.id.as_str(), c)).collect(),
        }
    }

    fn said(&self, label: Option<&Label>, key: &str) -> Value {
        let text = label.map(|label| self.lang.of(&label.zh, &label.en));
        let text = text.filter(|text| !text.is_empty()).map_or(key, String::as_str);
        Value::Text(text.to_owned())
    }

    fn ticket(&self, key: &str) -> Option<&'a Ticket> {
        self.tickets.get(key).map(|row| &self.scenario.tickets[*row])
    }

    fn title(&self, key: &str) -> Value {
        self.said(self.ticket(key).and_then(|ticket| ticket.title.as_ref()), key)
    }

    fn client(&self, key: &str) -> Value {
        let client = self.ticket(key).and_then(|ticket| ticket.client.as_deref());
        let Some(client) = client else { return Value::Nothing };
        self.said(self.clients.get(client).and_then(|row| row.name.as_ref()), client)
    }

    fn person(&self, key: &str) -> Value {
        self.said(self.people.get(key).and_then(|person| person.name.as_ref()), key)
    }

    fn skill(&self, key: &str) -> Value {
        let skill = self.scenario.skills.iter().find(|skill| skill.id == key);
        self.said(skill.and_then(|skill| skill.name.as_ref()), key)
    }

    fn step(&self, step: &PlannedStep) -> Value {
        let row = self.tickets.get(step.ticket.as_str());
        let written = row.and_then(|row| written_step(self.scenario, *row, &step.step));
        self.said(written.and_then(|(_, written)| written.name.as_ref()), &step.step)
    }

    fn tick(&self, moment: Moment) -> Tick {
        self.plan.zone.tick_from(moment)
    }

    /// `moment` on the plan's wall clock.
    fn time(&self, moment: Moment) -> Value {
        Value::Time(self.plan.zone.moment(self.tick(moment)))
    }

    /// When the step is worked: `2026-03-02 09:00–12:00; 2026-03-03 …`.
    fn pieces(&self, step: &PlannedStep) -> Value {
        let pieces: Vec<String> = step
            .pieces
            .iter()
            .map(|piece| {
                let (from, to) = (self.tick(piece.from), self.tick(piece.to));
                let (from, to) = (self.plan.zone.moment(from), self.plan.zone.moment(to));
                let (from, to) = (local(from), local(to));
                let same_day = to.get(..10) == from.get(..10);
                let to = if same_day { to.get(11..).unwrap_or_default() } else { to.as_str() };
                format!("{from}–{to}")
            })
            .collect();
        Value::Text(pieces.join("; "))
    }

    fn standing(&self, standing: Standing) -> Value {
        let text = match standing {
            Standing::Planned => self.lang.of("计划", "planned"),
            Standing::Frozen => self.lang.of("冻结", "frozen"),
            Standing::Begun => self.lang.of("进行中", "begun"),
            Standing::Done => self.lang.of("已完成", "done"),
        };
        Value::Text(text.to_owned())
    }
}

fn by_person(names: &Lookup) -> Table {
    let headings = names.lang.of(
        vec![
            "员工号",
            "姓名",
            "开始",
            "结束",
            "工作时段",
            "工单",
            "标题",
            "客户",
            "步骤",
            "席位",
            "状态",
            "暂定",
        ],
        vec![
            "person",
            "name",
            "start",
            "end",
            "worked",
            "ticket",
            "title",
            "client",
            "step",
            "seat",
            "standing",
            "provisional",
        ],
    );
    let mut sorted: Vec<(&str, Tick, Vec<Value>)> = Vec::new();
    for step in &names.plan.steps {
        for (seat, person) in step.people.iter().enumerate() {
            let provisional = if step.provisional { names.lang.of("是", "yes") } else { "" };
            sorted.push((
                person,
                names.tick(step.start),
                vec![
                    Value::Text(person.clone()),
                    names.person(person),
                    names.time(step.start),
                    step.end.map_or(Value::Nothing, |end| names.time(end)),
                    names.pieces(step),
                    Value::Text(step.ticket.clone()),
                    names.title(&step.ticket),
                    names.client(&step.ticket),
                    names.step(step),
                    Value::Number(i64::try_from(seat).unwrap_or(0) + 1),
                    names.standing(step.standing),
                    Value::Text(provisional.to_owned()),
                ],
            ));
        }
    }
    // People in the scenario's order, then those it does not know.
    let order: BTreeMap<&str, usize> =
        names.scenario.people.iter().enumerate().map(|(row, p)| (p.id.as_str(), row)).collect();
    sorted.sort_by_key(|(person, start, _)| {
        (order.get(person).copied().unwrap_or(usize::MAX), *person, *start)
    });
    Table { headings, rows: sorted.into_iter().map(|(_, _, row)| row).collect() }
}

fn by_ticket(names: &Lookup) -> Table {
    let headings = names.lang.of(
        vec!["工单", "标题", "客户", "状态", "开始", "完成", "截止", "逾期分钟", "员工"],
        vec![
            "ticket",
            "title",
            "client",
            "state",
            "start",
            "finish",
            "due",
            "minutes late",
            "people",
        ],
    );
    let mut steps: BTreeMap<&str, Vec<&PlannedStep>> = BTreeMap::new();
    for step in &names.plan.steps {
        steps.entry(&step.ticket).or_default().push(step);
    }
    let mut rows = Vec::new();
    for ticket in &names.scenario.tickets {
        let steps = steps.get(ticket.id.as_str()).map_or(&[][..], Vec::as_slice);
        let start = steps.iter().map(|step| names.tick(step.start)).min();
        let finish = steps.iter().filter_map(|step| Some(names.tick(step.end?))).max();
        let due = ticket.due.map(|due| names.scenario.zone.tick_from(due));
        let late = match (finish, due) {
            (Some(finish), Some(due)) => Value::Number((finish - due).max(0)),
            _ => Value::Nothing,
        };
        let mut people: Vec<&str> = Vec::new();
        for person in steps.iter().flat_map(|step| &step.people) {
            if !people.contains(&person.as_str()) {
                people.push(person);
            }
        }
        let state = match (start, &late) {
            (None, _) => names.lang.of("未排入", "unserved"),
            (_, Value::Number(1..)) => names.lang.of("逾期", "late"),
            _ => names.lang.of("按期", "in time"),
        };
        let time = |tick: Option<Tick>| {
            tick.map_or(Value::Nothing, |tick| Value::Time(names.plan.zone.moment(tick)))
        };
        rows.push(vec![
            Value::Text(ticket.id.clone()),
            names.title(&ticket.id),
            names.client(&ticket.id),
            Value::Text(state.to_owned()),
            time(start),
            time(finish),
            time(due),
            late,
            Value::Text(people.join("; ")),
        ]);
    }
    Table { headings, rows }
}

fn unserved(names: &Lookup) -> Table {
    let headings = names.lang.of(
        vec!["工单", "标题", "客户", "原因", "紧急损失（元）", "客户价值损失（元）", "加权（元）"],
        vec![
            "ticket",
            "title",
            "client",
            "reason",
            "urgency loss (yuan)",
            "client value loss (yuan)",
            "weighted (yuan)",
        ],
    );
    let rows = names.plan.unserved.iter().map(|left| {
        let yuan = |part: Option<Money>| part.map_or(Value::Nothing, Value::Yuan);
        vec![
            Value::Text(left.ticket.clone()),
            names.title(&left.ticket),
            names.client(&left.ticket),
            left.reason.map_or(Value::Nothing, |reason| {
                Value::Text(because(reason, names.lang).to_owned())
            }),
            yuan(left.price.map(|price| price.urgency_fen)),
            yuan(left.price.map(|price| price.client_value_fen)),
            yuan(left.price.map(|price| price.weighted_fen)),
        ]
    });
    Table { headings, rows: rows.collect() }
}

fn because(reason: UnservedReason, lang: Lang) -> &'static str {
    match reason {
        UnservedReason::NobodyEligible => {
            lang.of("有步骤无人可做", "nobody may do one of its steps")
        }
        UnservedReason::CannotFit => {
            lang.of("即使独占资源也办不完", "it cannot be finished even alone")
        }
        UnservedReason::HeldByPins => lang.of("被锁定或冻结挡住", "held off by pins or the freeze"),
        UnservedReason::Companion => {
            lang.of("同批或前置工单未排入", "its batch or what comes before is left out")
        }
        UnservedReason::NoRoom => lang.of("与其他工单一起排不下", "no room beside the others"),
        UnservedReason::Dearer => {
            lang.of("排入比不排更贵", "serving it costs more than leaving it out")
        }
    }
}

fn cost(names: &Lookup) -> Table {
    let headings = names.lang.of(vec!["项目", "金额（元）"], vec!["part", "yuan"]);
    let Some(bill) = names.plan.cost else { return Table { headings, rows: Vec::new() } };
    let parts = [
        ("总计", "total", bill.total_fen),
        ("逾期（加权）", "lateness, weighted", bill.lateness.weighted_fen),
        ("其中紧急", "of it urgency, in money", bill.lateness.urgency_fen),
        ("其中客户价值", "of it client value, in money", bill.lateness.client_value_fen),
        ("未排入（加权）", "unserved, weighted", bill.unserved.weighted_fen),
        ("其中紧急", "of it urgency, in money", bill.unserved.urgency_fen),
        ("其中客户价值", "of it client value, in money", bill.unserved.client_value_fen),
        ("加班与值班", "overtime and on call", bill.overtime_fen),
        ("变更", "change", bill.change_fen),
        ("负荷不均", "imbalance", bill.imbalance_fen),
        ("偏好", "preference", bill.preference_fen),
    ];
    let row = |(zh, en, amount): (&'static str, &'static str, Money)| {
        vec![Value::Text(names.lang.of(zh, en).to_owned()), Value::Yuan(amount)]
    };
    Table { headings, rows: parts.into_iter().map(row).collect() }
}

fn prices(names: &Lookup) -> Table {
    let headings = names.lang.of(
        vec!["日期", "技能", "技能名称", "员工号", "姓名", "每多一小时约省（元）"],
        vec!["date", "skill", "skill name", "people", "names", "one hour more saves about (yuan)"],
    );
    let named = |key: &String| match names.person(key) {
        Value::Text(name) => name,
        _ => key.clone(),
    };
    let rows = names.plan.prices.iter().map(|price| {
        let people: Vec<String> = price.people.iter().map(named).collect();
        vec![
            Value::Text(price.date.to_string()),
            price.skill.clone().map_or(Value::Nothing, Value::Text),
            price.skill.as_deref().map_or(Value::Nothing, |key| names.skill(key)),
            Value::Text(price.people.join("; ")),
            Value::Text(people.join("; ")),
            Value::Yuan(price.fen_per_hour),
        ]
    });
    Table { headings, rows: rows.collect() }
}
