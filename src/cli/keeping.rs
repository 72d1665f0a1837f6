//! `backup` and `restore`: databases copied and put back.

use super::args::{Backup, Restore};
use super::trouble::named;
use super::{Ending, screen};
use crate::app::{Failure, keeping};
use crate::model::lang::Lang;

/// `paidan backup`.
pub(crate) fn backup(asked: &Backup, lang: Lang) -> Result<Ending, Failure> {
    let end = keeping::backup(&asked.db, &asked.file)?;
    let path = named(&asked.file);
    screen::tell(&lang.of(
        format!("已备份到 {path}，至第 {end} 条记录\n"),
        format!("backed up to {path}, up to event {end}\n"),
    ));
    Ok(Ending::Done)
}

/// `paidan restore`.
pub(crate) fn restore(asked: &Restore, lang: Lang) -> Result<Ending, Failure> {
    let restored = keeping::restore(&asked.file, &asked.db, asked.overwrite)?;
    let (path, end) = (named(&asked.db), restored.end);
    screen::tell(&lang.of(
        format!("已恢复 {path}，至第 {end} 条记录。备份之后删除过的个人信息又回来了，请再次删除\n"),
        format!(
            "restored {path}, up to event {end}. Personal texts erased since the backup are back: \
             erase them again\n"
        ),
    ));
    if let Some(kept) = restored.kept {
        let kept = named(&kept);
        screen::tell(&lang.of(
            format!("原来的数据库保留为 {kept}\n"),
            format!("the database that was there is kept as {kept}\n"),
        ));
    }
    Ok(Ending::Done)
}
