//! Failures as people read them, and their exit codes.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::process::ExitCode;

use super::verify::violations;
use crate::app::documents::Text;
use crate::app::{Failure, Unread};
use crate::exchange;
use crate::model::issue::{Issue, Severity};
use crate::model::lang::Lang;
use crate::verify::Report;

/// The exit code of a failure; see [`super::args::EXIT_CODES`].
pub(crate) fn exit_code(failure: &Failure) -> ExitCode {
    ExitCode::from(match failure {
        Failure::Document { .. } | Failure::Documents(_) | Failure::Unread(_) => 2,
        Failure::Wish(_) | Failure::Unreadable { .. } => 2,
        Failure::Refused(_) => 3,
        Failure::Unsound(_) => 5,
        Failure::Outside(_) | Failure::Unwritable { .. } => 4,
    })
}

/// What to tell people.
pub(crate) fn sentence(failure: &Failure, lang: Lang) -> String {
    match failure {
        Failure::Document { text, issues } => issues_of(text, issues, lang),
        Failure::Documents(all) => {
            all.iter().map(|(t, issues)| issues_of(t, issues, lang)).collect()
        }
        Failure::Unread(plans) => plans.iter().map(|plan| unread(plan, lang)).collect(),
        Failure::Wish(label) | Failure::Refused(label) | Failure::Outside(label) => {
            let said = lang.of(&label.zh, &label.en);
            let lines: Vec<String> = said.lines().map(exchange::one_line).collect();
            format!("paidan: {}\n", lines.join("\n"))
        }
        Failure::Unsound(report) => {
            let what = lang.of(
                "程序出错：求得的计划违反规则，因此没有交出。请附上场景报告此问题",
                "a fault of this program: the plan it made breaks rules and is not handed out. \
                 Please report it with the scenario",
            );
            format!("{}paidan: {what}\n", violations(&report.violations, lang))
        }
        Failure::Unreadable { path, source } => {
            let what = lang.of("无法读取", "cannot read");
            format!("paidan: {what} {}{}\n", named(path), reason(source, lang))
        }
        Failure::Unwritable { path, source } => {
            let what = lang.of("无法写入", "cannot write");
            format!("paidan: {what} {}{}\n", named(path), reason(source, lang))
        }
    }
}

/// What `path` is called, on a terminal.
pub(crate) fn named(path: &Path) -> String {
    exchange::one_line(&path.display().to_string())
}

/// What to tell of a plan that was made and could not be handed out, though another could.
pub(crate) fn fell_back(fault: &Report, lang: Lang) -> String {
    let what = lang.of(
        "程序出错：求得的更好计划违反规则，改用按优先规则排出的计划。请附上场景报告此问题",
        "a fault of this program: the better plan it made breaks rules; this is the plan of a \
         priority rule instead. Please report it with the scenario",
    );
    format!("{}paidan: {what}", violations(&fault.violations, lang))
}

/// What the system says, in the reader's language where it is one of the common reasons.
fn reason(source: &io::Error, lang: Lang) -> String {
    let zh = match source.kind() {
        ErrorKind::NotFound => "文件或文件夹不存在",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::IsADirectory => "这是一个文件夹",
        ErrorKind::NotADirectory => "路径中有一部分不是文件夹",
        ErrorKind::StorageFull => "磁盘已满",
        ErrorKind::ReadOnlyFilesystem => "文件系统是只读的",
        ErrorKind::AlreadyExists => "文件已存在",
        ErrorKind::InvalidFilename | ErrorKind::InvalidInput => "文件名不可用",
        _ => return lang.of(format!("：{source}"), format!(": {source}")),
    };
    lang.of(format!("：{zh}"), format!(": {source}"))
}

/// What cannot be read in a plan.
fn unread(plan: &Unread, lang: Lang) -> String {
    let (path, count) = (named(&plan.path), plan.faults.len());
    let said = violations(&plan.faults, lang);
    // The last line counts them as `verify` does, as broken rules.
    let lines: String = said.lines().take(count).map(|line| format!("{path}: {line}\n")).collect();
    lines
        + &lang.of(
            format!("{path}：计划有 {count} 处无法读懂\n"),
            format!("{path}: the plan cannot be read in {count} places\n"),
        )
}

/// Issues with their lines, and how many there are.
pub(crate) fn issues_of(text: &Text, issues: &[Issue], lang: Lang) -> String {
    let readable = std::str::from_utf8(&text.bytes).ok();
    let mut shown = exchange::show(issues, &text.name, readable, lang);
    let errors = issues.iter().filter(|issue| issue.severity == Severity::Error).count();
    let warnings = issues.len() - errors;
    let plural = |count| if count == 1 { "" } else { "s" };
    shown += &match (lang, errors) {
        (Lang::Zh, 0) => format!("{}：{warnings} 条警告\n", text.name),
        (Lang::Zh, _) => format!("{}：{errors} 个错误，{warnings} 条警告\n", text.name),
        (Lang::En, 0) => format!("{}: {warnings} warning{}\n", text.name, plural(warnings)),
        (Lang::En, _) => format!(
            "{}: {errors} error{}, {warnings} warning{}\n",
            text.name,
            plural(errors),
            plural(warnings)
        ),
    };
    shown
}
