//! `key`: keys that let programs in, made by whoever owns the database.

use std::path::Path;

use super::args::{Key, KeyStep, Plain};
use super::{Ending, screen};
use crate::app::documents::written;
use crate::app::service::Owner;
use crate::app::service::keys::{Listed, MadeKey, Wish};
use crate::app::service::role::Role;
use crate::app::{Failure, clock};
use crate::model::lang::Lang;

/// `paidan key`.
pub(crate) fn run(asked: &Key, lang: Lang) -> Result<Ending, Failure> {
    let now = clock::now_ms();
    match &asked.step {
        KeyStep::Create { db, role, scopes, people, expires } => {
            let expires_ms = expires.map(|span| now.saturating_add(span));
            let wish =
                Wish { role: *role, scopes: scopes.clone(), people: people.clone(), expires_ms };
            let made = Owner::of(db)?.make_key(wish, now)?;
            show(&made, lang)?;
        }
        KeyStep::List { db, format } => {
            let keys = owner(db)?.keys(now)?;
            screen::print(&match format {
                Plain::Json => written(&keys),
                Plain::Table => told(&keys, lang),
            })?;
        }
        KeyStep::Rotate { prefix, db, overlap } => {
            let made = owner(db)?.rotate_key(prefix, *overlap, now)?;
            show(&made, lang)?;
            let end = clock::stamp(now.saturating_add(*overlap));
            screen::tell(&lang.of(
                format!("旧密钥 {prefix} 至 {end} 失效\n"),
                format!("the old key {prefix} ends at {end}\n"),
            ));
        }
        KeyStep::Revoke { prefix, db } => {
            owner(db)?.revoke_key(prefix, now)?;
            screen::tell(
                &lang.of(format!("已收回密钥 {prefix}\n"), format!("took back the key {prefix}\n")),
            );
        }
    }
    Ok(Ending::Done)
}

/// The owner of a database that is there already.
fn owner(path: &Path) -> Result<Owner, Failure> {
    Owner::of_existing(path)
}

/// Prints the key alone, so that it can be put into a variable.
fn show(made: &MadeKey, lang: Lang) -> Result<(), Failure> {
    screen::print(&format!("{}\n", made.key))?;
    let Listed { prefix, role, .. } = &made.listed;
    screen::tell(&lang.of(
        format!("新密钥 {prefix}，角色 {role}：只显示这一次，请妥善保存\n"),
        format!("a new key {prefix}, role {role}: it is shown this once, keep it safe\n"),
    ));
    Ok(())
}

fn told(keys: &[Listed], lang: Lang) -> String {
    let mut text = String::new();
    for key in keys {
        let role = Role::named(&key.role).map(Role::label);
        let role = role.map_or(key.role.clone(), |label| lang.of(label.zh, label.en));
        let state = match (key.is_of_use, &key.revoked, &key.expires) {
            (true, Some(end), _) => lang.of(format!("{end} 失效"), format!("ends {end}")),
            (true, None, Some(end)) => lang.of(format!("{end} 到期"), format!("expires {end}")),
            (true, None, None) => lang.of("有效", "in use").to_owned(),
            (false, Some(_), _) => lang.of("已收回", "taken back").to_owned(),
            (false, ..) => lang.of("已过期", "expired").to_owned(),
        };
        let scopes = match key.scopes.is_empty() {
            true => lang.of("全部权限", "all its role may").to_owned(),
            false => key.scopes.join(" "),
        };
        let people = match key.people.is_empty() {
            true => String::new(),
            false => format!("  {} {}", lang.of("代表", "for"), key.people.join(" ")),
        };
        text += &format!("{}  {role}  {state}  {scopes}{people}\n", key.prefix);
    }
    if keys.is_empty() {
        text += lang.of("没有密钥\n", "no keys\n");
    }
    text
}
