//! Which people it takes, on a terminal and as comma-separated values.

use super::super::say::{label, of};
use super::super::text::{Layout, closed, right, table as blank};
use super::{Names, Unit, ended, quoted};
use crate::calendar::Label;
use crate::model::lang::Lang;
use crate::model::outcome::{Ended, Inferred, Required, Tried};

/// How many people it takes, and what was tried.
#[must_use]
pub fn needed(found: &Required, names: &Names, lang: Lang) -> String {
    let layout = Layout { lang, width: None, rows: usize::MAX, rest: None };
    let like: Vec<Label> = found.like.iter().map(|id| names.beside(id)).collect();
    let kinds = like.iter().map(|own| (format!("如 {} 增加", own.zh), format!("more {}", own.en)));
    let kinds: Vec<(String, String)> = kinds.collect();
    let mut heads: Vec<(&str, &str)> =
        kinds.iter().map(|(zh, en)| (zh.as_str(), en.as_str())).collect();
    heads.extend([("加急按承诺完成", "urgent promise kept"), ("达标", "reached")]);
    let mut rows = blank(layout, &heads);
    for row in &found.tried {
        let reached = match row.is_reached {
            true => lang.of("是", "yes"),
            false if found.is_missed(row) => lang.of("否", "no"),
            false => lang.of("未定", "undecided"),
        };
        let kept = match row.is_bound {
            true => format!("≤ {}", Unit::Permille.told(row.kept_permille)),
            false => Unit::Permille.told(row.kept_permille),
        };
        let mut cells: Vec<_> = row.people.iter().map(|count| right(count.to_string())).collect();
        cells.extend([right(kept), reached.into()]);
        rows.add_row(cells);
    }
    let said = staffed(found, &like);
    let mut out = format!("{}{}", closed(&rows, 0, layout), of(&said, lang));
    out += &format!("{}\n", of(&cut(found), lang));
    if found.tried.iter().any(|row| row.is_bound) {
        out += lang.of(
            "≤：线性下界已表明无论怎样派单都达不到，未作模拟。\n",
            "≤: by the linear bound no dispatch keeps more, so it was not simulated.\n",
        );
    }
    if !found.inferred.is_empty() {
        out += &format!("{}\n", of(&untried(found), lang));
    }
    out
}

/// Which teams were not tried, and whose answer is theirs.
fn untried(found: &Required) -> Label {
    let mut rows: Vec<(bool, &[u32], Vec<String>)> = Vec::new();
    for Inferred { people, is_enough, like } in &found.inferred {
        let count = people.iter().sum::<u32>().to_string();
        match rows.iter_mut().find(|(enough, other, _)| enough == is_enough && other == like) {
            Some((_, _, counts)) => counts.push(count),
            None => rows.push((*is_enough, like, vec![count])),
        }
    }
    let told = |(is_enough, like, counts): &(bool, &[u32], Vec<String>)| {
        let (like, counts) = (like.iter().sum::<u32>(), counts.join(", "));
        match is_enough {
            true => (
                format!("{counts} 人（{like} 人已够）"),
                format!("{counts} (as {like} are enough)"),
            ),
            false => (
                format!("{counts} 人（{like} 人尚未显示够）"),
                format!("{counts} (as {like} are not shown to be enough)"),
            ),
        }
    };
    let (zh, en): (Vec<String>, Vec<String>) = rows.iter().map(told).unzip();
    Label {
        zh: format!("未试，因人多不会更差：{}。", zh.join("；")),
        en: format!("Not tried, as more people do no worse: {}.", en.join("; ")),
    }
}

/// What the teams tried come to.
fn staffed(found: &Required, like: &[Label]) -> Label {
    let Required { least, tried, .. } = found;
    let target = Unit::Permille.shown(i64::from(found.target_permille));
    let sure = Unit::Permille.shown(i64::from(found.confidence_permille));
    let row = |people: &Vec<u32>| tried.iter().find(|row| row.people == *people);
    let Some(told) = least.as_ref().and_then(row).or(tried.last()) else {
        return label("还没有任何结果。", "Nothing is known yet.");
    };
    let replications = told.replications;
    let only =
        if found.is_urgent { ("，只计加急", ", urgent promises only") } else { ("", "") };
    let (zh, en) = (
        format!("（{replications} 次模拟的平均值，单侧置信度 {sure}，仅就此方案而言{}）", only.0),
        format!(
            " (mean over {replications} replications, one-sided confidence of {sure} for this team \
             alone{})",
            only.1
        ),
    );
    let size = |row: &Tried| row.people.iter().sum::<u32>();
    let most = tried.iter().map(size).max().unwrap_or(0);
    let mut largest = tried.iter().filter(|row| size(row) == most);
    match least {
        Some(team) if team.iter().all(|count| *count == 0) => Label {
            zh: format!("现有人手平均达到 {target}{zh}。无需加人，因此未再试。"),
            en: format!(
                "The people there are keep at least {target} on average{en}. Nobody more is needed, \
                 so nothing else was tried."
            ),
        },
        Some(team) => {
            let (more_zh, more_en) = named(like, team);
            Label {
                zh: format!("再加{more_zh}，平均达到 {target}{zh}。"),
                en: format!("{more_en} more keep at least {target} on average{en}."),
            }
        }
        None if is_whole(found) && largest.all(|row| found.is_missed(row)) => Label {
            zh: format!("再加到最多人数仍达不到 {target}{zh}。"),
            en: format!("Even the most people tried do not keep {target}{en}."),
        },
        None => Label {
            zh: format!("能否达到 {target} 尚不能确认{zh}；至少模拟 40 次，次数越多越能说明。"),
            en: format!(
                "It is not shown either way whether {target} is kept{en}: forty replications are \
                 the least, and more would tell."
            ),
        },
    }
}

/// Whether all teams were tried that had to be.
fn is_whole(found: &Required) -> bool {
    !matches!(found.ended, Ended::Seconds | Ended::Interrupted)
}

/// That the search was cut short, where it was.
fn cut(found: &Required) -> Label {
    let fewer = match found.least {
        Some(_) if !is_whole(found) => ("更少的人也许已够。", " Fewer may do."),
        _ => ("", ""),
    };
    let ended = ended(found.ended);
    Label { zh: ended.zh + fewer.0, en: ended.en + fewer.1 }
}

/// `team` in words.
fn named(like: &[Label], team: &[u32]) -> (String, String) {
    let rows = team.iter().zip(like).filter(|(count, _)| **count > 0);
    let zh: Vec<String> =
        rows.clone().map(|(count, name)| format!(" {count} 名（如 {}）", name.zh)).collect();
    let en: Vec<String> = rows.map(|(count, name)| format!("{count} like {}", name.en)).collect();
    (zh.join("、"), en.join(" and "))
}

/// One line per team: how many of each kind, thousandths of promises kept, half the interval,
/// replications, whether it is a bound, and whether it reaches the target.
#[must_use]
pub fn needed_csv(found: &Required) -> String {
    let heads: Vec<String> = found.like.iter().map(|name| quoted(name)).collect();
    let mut out =
        format!("{},kept_permille,half_width,replications,is_bound,is_reached\n", heads.join(","));
    for row in &found.tried {
        let Tried { people, kept_permille, replications, is_bound, is_reached } = row;
        let people: Vec<String> = people.iter().map(u32::to_string).collect();
        let half = kept_permille.half_width.map(|half| half.to_string()).unwrap_or_default();
        let (people, mean) = (people.join(","), kept_permille.mean);
        out += &format!("{people},{mean},{half},{replications},{is_bound},{is_reached}\n");
    }
    out
}
