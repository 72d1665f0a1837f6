//! `audit`: keys, checkpoints, exported logs, and holding them against each other.

use std::io::{self, BufWriter, IsTerminal as _};
use std::path::PathBuf;

use super::args::{Audit, AuditStep, AuditVerify, Plain};
use super::trouble::named;
use super::{Ending, screen};
use crate::app::auditing::{self, Audit as Findings, Source};
use crate::app::documents::written;
use crate::app::{Failure, files};
use crate::exchange::one_line;
use crate::model::lang::Lang;

/// `paidan audit`.
pub(crate) fn run(asked: &Audit, lang: Lang) -> Result<Ending, Failure> {
    match &asked.step {
        AuditStep::Key { file } => {
            let made = auditing::make_key(file)?;
            let (path, public) = (named(file), named(&made.public));
            screen::tell(&lang.of(
                format!("私钥已写入 {path}，请妥善保管；公钥 {public} 可公开：{}\n", made.key),
                format!(
                    "wrote the secret key to {path}: keep it safe; the public one, for everybody, \
                     to {public}: {}\n",
                    made.key
                ),
            ));
            Ok(Ending::Done)
        }
        AuditStep::Checkpoint { db, key, out } => {
            let target = out.as_deref().map(files::target).transpose()?;
            let taken = auditing::checkpoint(db, key)?;
            screen::deliver(&written(&taken), target.as_ref())?;
            Ok(Ending::Done)
        }
        AuditStep::Export { db } => {
            match auditing::export(db, &mut BufWriter::new(io::stdout().lock())) {
                // A reader who has had enough is no fault.
                Err(Failure::Unwritable { source, .. })
                    if source.kind() == io::ErrorKind::BrokenPipe => {}
                other => other?,
            }
            Ok(Ending::Done)
        }
        AuditStep::Verify(asked) => verify(asked, lang),
    }
}

fn verify(asked: &AuditVerify, lang: Lang) -> Result<Ending, Failure> {
    let database = asked.db.clone().map(Source::Database);
    let source = database
        .unwrap_or_else(|| Source::Export(asked.log.clone().unwrap_or_else(|| PathBuf::from("-"))));
    let shows = io::stderr().is_terminal();
    let mut watch = |seen: u64| {
        if shows {
            screen::tell(&format!("\r{seen}\u{1b}[K"));
        }
    };
    let found = auditing::verify(&source, &asked.checkpoints, asked.key.as_deref(), &mut watch)?;
    if shows {
        screen::tell("\r\u{1b}[K");
    }
    screen::print(&match asked.format {
        Plain::Json => written(&found),
        Plain::Table => told(&found, lang),
    })?;
    screen::tell(&caution(&found, lang));
    Ok(if found.faults.is_empty() { Ending::Done } else { Ending::Broken })
}

/// What was found, as people read it.
fn told(found: &Findings, lang: Lang) -> String {
    let Findings { events, end, streams, checkpoints, vouched_to, behind, .. } = found;
    let mut text = lang.of(
        format!(
            "{events} 条记录（至第 {end} 条），{streams} 条链，{checkpoints} 个检查点，\
             担保至第 {vouched_to} 条，其后 {behind} 条无人担保\n"
        ),
        format!(
            "{events} events (to position {end}) in {streams} streams, {checkpoints} checkpoints, \
             vouched for to position {vouched_to}, nobody vouches for {behind} behind it\n"
        ),
    );
    for fault in &found.faults {
        text += &format!("[{}] {}\n", fault.code, one_line(lang.of(&fault.zh, &fault.en)));
    }
    let count = found.faults.len() + found.more;
    text += &match count {
        0 => lang.of("未发现问题\n".to_owned(), "no faults\n".to_owned()),
        _ => lang.of(format!("共 {count} 处问题\n"), format!("{count} faults\n")),
    };
    text
}

/// What the findings do not say.
fn caution(found: &Findings, lang: Lang) -> String {
    let mut text = String::new();
    if found.checkpoints == 0 {
        text += lang.of(
            "paidan: 没有检查点：无法发现末尾被截去或整体重写。请用 --checkpoint 指定\n",
            "paidan: without a checkpoint nobody can tell whether the end was cut off or all was \
             written anew: name one with --checkpoint\n",
        );
        return text;
    }
    if !found.is_key_given {
        text += lang.of(
            "paidan: 检查点只与其自带的公钥核对过，任何人都能另造一个。请用 --key 指定公钥\n",
            "paidan: checkpoints were held against the key they name themselves, which anybody can \
             make: name the public key with --key\n",
        );
    }
    if found.behind > 0 {
        let (first, end) = (found.vouched_to + 1, found.end);
        text += &lang.of(
            format!(
                "paidan: 第 {first} 至 {end} 条没有检查点担保：其间若被截去或重写，无法发现。\
                 请用 paidan audit checkpoint 生成新的检查点\n"
            ),
            format!(
                "paidan: no checkpoint vouches for positions {first} to {end}, nor for whether \
                 more came after: take a new one with paidan audit checkpoint\n"
            ),
        );
    }
    text
}
