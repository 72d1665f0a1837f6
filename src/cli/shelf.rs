//! `desk papers|manual|surge|application`: what is on file at the desk beside tickets.

use std::fmt::Write as _;

use super::args::DeskStep;
use super::telling::local;
use super::ticket::{open, open_alone, print};
use crate::app::Failure;
use crate::app::service::desk::{
    ManualRow, ManualSearch, PaperSearch, ShownApplication, ShownPaper, ShownSurge, SurgeMove,
};
use crate::calendar::Label;
use crate::desk::joining::Move;
use crate::model::lang::Lang;

/// One of these steps; the others are none of this file's.
pub(crate) fn run(step: &DeskStep, lang: Lang) -> Result<(), Failure> {
    match step {
        DeskStep::Papers { client, name, with_old, place } => {
            let (service, owner, now) = open(place)?;
            let (client, name, with_old) = (client.clone(), name.clone(), *with_old);
            let asked = PaperSearch { client, name, source: None, with_old };
            let found = service.papers(&owner, &asked, now)?;
            print(&found, place.format, || found.iter().map(|row| paper(row, lang)).collect())
        }
        DeskStep::Manual { template, days, place } => {
            let (service, owner, now) = open(place)?;
            let asked = ManualSearch { template: template.clone(), days: *days };
            let found = service.manual(&owner, &asked, now)?;
            print(&found, place.format, || found.iter().map(entry).collect())
        }
        DeskStep::Surge { begin, end, person, place } => {
            let shown = match begin.as_ref().or(end.as_ref()) {
                Some(reason) => {
                    let (service, owner, now) = open_alone(place)?;
                    let (is_on, reason, person) = (begin.is_some(), reason.clone(), person.clone());
                    service.move_surge(&owner, &SurgeMove { is_on, reason, person }, None, now)?
                }
                None => {
                    let (service, owner, _) = open(place)?;
                    service.surge(&owner)?
                }
            };
            print(&shown, place.format, || surge(&shown, lang))
        }
        DeskStep::Application { key, step, place } => {
            let shown = match step {
                Some(step) => {
                    let made: Move = serde_json::from_str(step).map_err(|wrong| no_move(&wrong))?;
                    let (service, owner, now) = open_alone(place)?;
                    service.move_application(&owner, key, &made, None, now)?
                }
                None => {
                    let (service, owner, _) = open(place)?;
                    service.application(&owner, key)?
                }
            };
            print(&shown, place.format, || application(&shown, lang))
        }
        _ => Ok(()),
    }
}

/// A paper on one line.
fn paper(row: &ShownPaper, lang: Lang) -> String {
    let (filed, ticket, name) = (local(&row.filed), &row.ticket, row.name.as_deref());
    let old = if row.is_current { "" } else { lang.of("  已替换", "  replaced") };
    format!("{filed}  {ticket}  {}  {}{old}\n", name.unwrap_or("-"), row.digest)
}

/// An entry of the manual on one line.
fn entry(row: &ManualRow) -> String {
    let ManualRow { at, template, entry, ticket, by } = row;
    format!("{}  {template}  {entry}  ({ticket}, {by})\n", local(at))
}

/// How it stands with emergencies.
fn surge(shown: &ShownSurge, lang: Lang) -> String {
    let mut text = match shown.is_on {
        true => lang.of("应急状态\n", "an emergency lasts\n"),
        false => lang.of("没有应急状态\n", "no emergency\n"),
    }
    .to_owned();
    if let (Some(since), Some(by), Some(reason)) = (&shown.since, &shown.by, &shown.reason) {
        let _ = writeln!(text, "  {}  {by}  {reason}", local(since));
    }
    for rung in &shown.told {
        let name = lang.of(&rung.name.zh, &rung.name.en);
        text += &lang.of(format!("  已通知 {name}\n"), format!("  told {name}\n"));
    }
    text
}

/// An application on one line.
fn application(shown: &ShownApplication, lang: Lang) -> String {
    let ShownApplication { id, version, name, .. } = shown;
    format!("{id}  {version}  {}\n", lang.of(&name.zh, &name.en))
}

fn no_move(wrong: &serde_json::Error) -> Failure {
    Failure::Wish(Label::new(
        format!("--step 不是申请的办理内容：{wrong}"),
        format!("--step is nothing that is done with an application: {wrong}"),
    ))
}
