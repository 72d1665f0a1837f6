//! Tiers side by side (R114), item by item, from what is laid down.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::agreement::{Entitlement, Period, Tier};
use super::form::{Desk, Goal};
use super::words::{Channel, Runs};
use crate::calendar::Label;

/// A table of tiers.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// A column each.
    pub tiers: Vec<Label>,
    /// What is compared, and how it is in each tier; none: not in it.
    pub rows: Vec<(Label, Vec<Option<Label>>)>,
}

impl Desk {
    /// All tiers side by side: how they are reached, when their clocks run, each clock that any of
    /// them has a goal for, each entitlement that any of them has.
    #[must_use]
    pub fn comparison(&self) -> Comparison {
        let row = |label: Label, cell: &dyn Fn(&Tier) -> Option<Label>| {
            (label, self.tiers.iter().map(cell).collect::<Vec<_>>())
        };
        let mut rows = vec![
            row(Label::new("渠道", "channels"), &|tier| {
                let names: Vec<Label> = tier.channels.iter().map(|one| one.label()).collect();
                joined(&names)
            }),
            row(Label::new("服务时间", "hours"), &|tier| tier.runs.map(Runs::label)),
        ];
        for timer in &self.timers {
            let own = |tier: &Tier| {
                let own =
                    tier.goals.iter().find(|one| one.timer == timer.id && one.level.is_none());
                own.map(|one| one.goal).or(timer.goal)
            };
            let is_told = self.tiers.iter().any(|tier| {
                tier.goals.iter().any(|one| one.timer == timer.id && one.level.is_none())
            });
            if is_told {
                rows.push(row(timer.label.clone(), &|tier| own(tier).and_then(within)));
            }
        }
        let mut seen = Vec::new();
        for entitlement in self.tiers.iter().flat_map(|tier| &tier.entitlements) {
            if seen.contains(&&entitlement.id) {
                continue;
            }
            seen.push(&entitlement.id);
            let own = |tier: &Tier| {
                tier.entitlements.iter().find(|one| one.id == entitlement.id).and_then(much)
            };
            rows.push(row(entitlement.label.clone(), &own));
        }
        Comparison { tiers: self.tiers.iter().map(|tier| tier.label.clone()).collect(), rows }
    }
}

fn joined(labels: &[Label]) -> Option<Label> {
    let list =
        |of: fn(&Label) -> &str, with: &str| labels.iter().map(of).collect::<Vec<_>>().join(with);
    let both = Label::new(list(|one| &one.zh, "、"), list(|one| &one.en, ", "));
    (!labels.is_empty()).then_some(both)
}

fn within(goal: Goal) -> Option<Label> {
    match (goal.minutes, goal.days) {
        (Some(minutes), _) if minutes % 60 == 0 => {
            let hours = minutes / 60;
            Some(Label::new(format!("{hours} 小时"), format!("{hours} h")))
        }
        (Some(minutes), _) => Some(Label::new(format!("{minutes} 分钟"), format!("{minutes} min"))),
        (None, Some(days)) => {
            Some(Label::new(format!("{days} 个工作日"), format!("{days} working days")))
        }
        (None, None) => None,
    }
}

/// How much, of what, in which time, and how soon it is answered (R118).
fn much(one: &Entitlement) -> Option<Label> {
    let (count, unit) = (one.count?, one.unit.as_ref()?);
    let per = match one.per? {
        Period::Month => ("每月", "a month"),
        Period::Quarter => ("每季度", "a quarter"),
        Period::Year => ("每年", "a year"),
    };
    let soon = one.within.and_then(within).map(|soon| {
        Label::new(format!("，{}内答复", soon.zh), format!(", answered within {}", soon.en))
    });
    let soon = soon.unwrap_or_else(|| Label::new("", ""));
    let zh = format!("{} {count} {}{}", per.0, unit.zh, soon.zh);
    Some(Label::new(zh, format!("{count} {} {}{}", counted(count, &unit.en), per.1, soon.en)))
}

/// What is counted, of so many: a firm writes its unit as it likes.
fn counted(count: u32, unit: &str) -> String {
    let is_one_of_many = count != 1 && unit.ends_with(|last: char| last.is_ascii_alphabetic());
    if is_one_of_many && !unit.ends_with('s') { format!("{unit}s") } else { unit.to_owned() }
}

impl Channel {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> Label {
        let (zh, en) = match self {
            Channel::Web => ("网页", "web page"),
            Channel::App => ("APP", "app"),
            Channel::Phone => ("电话", "phone"),
            Channel::Chat => ("在线咨询", "chat"),
            Channel::Mail => ("邮件", "e-mail"),
            Channel::OnSite => ("上门", "on site"),
        };
        Label::new(zh, en)
    }
}

impl Runs {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> Label {
        let (zh, en) = match self {
            Runs::Working => ("工作时间", "office hours"),
            Runs::Tier => ("按客户层级", "as the tier says"),
            Runs::Always => ("7×24小时", "day and night"),
        };
        Label::new(zh, en)
    }
}
