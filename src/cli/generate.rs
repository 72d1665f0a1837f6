//! `generate`: a realistic scenario made to order.

use super::args::Generate;
use super::{Ending, screen};
use crate::app::documents::written;
use crate::app::{Failure, files};
use crate::generate::{self, Figures, Order};
use crate::model::lang::Lang;

/// Most skills listed.
const MOST_SKILLS: usize = 8;

/// `paidan generate`.
pub(crate) fn run(asked: &Generate, lang: Lang) -> Result<Ending, Failure> {
    let target = asked.out.as_deref().map(files::target).transpose()?;
    let order = Order {
        tickets: asked.tickets as usize,
        people: asked.people as usize,
        load_permille: asked.load,
        seed: asked.seed,
        ..Order::default()
    };
    let (scenario, figures) = generate::scenario(&order);
    screen::deliver(&written(&scenario), target.as_ref())?;
    screen::tell(&shown(&figures, lang));
    Ok(Ending::Done)
}

/// Load, slack, scarcity, and what must be late, a line each.
fn shown(figures: &Figures, lang: Lang) -> String {
    let percent = |permille: i64| format!("{}.{}%", permille / 10, permille % 10);
    let (tickets, people) = (figures.ticket_count, figures.person_count);
    let hours = |minutes: &i64| format!("{} h", minutes / 60);
    let slack: Vec<String> = figures.slack_minutes.iter().map(hours).collect();
    let (slack, load) = (slack.join(" · "), percent(figures.load_permille));
    let late = percent(figures.late_alone_permille);
    let scarce = figures.skills.iter().take(MOST_SKILLS);
    let scarce = scarce.filter(|skill| skill.scarcity_permille >= 0);
    let scarce =
        scarce.map(|skill| format!("{} {}", skill.skill, percent(skill.scarcity_permille)));
    let scarce = scarce.collect::<Vec<_>>().join(" · ");
    match lang {
        Lang::Zh => format!(
            "工单 {tickets}，员工 {people}\n负荷 {load}\n\
             余量（10、25、50、75、90 百分位）{slack}\n单独也必然逾期 {late}\n紧缺技能 {scarce}\n"
        ),
        Lang::En => format!(
            "{tickets} tickets, {people} people\nload {load}\n\
             slack (percentiles 10, 25, 50, 75, 90) {slack}\nlate even alone {late}\n\
             scarce skills {scarce}\n"
        ),
    }
}
