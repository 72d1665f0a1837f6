//! Issues as people see them on a terminal: place, sentence, the line with a caret, advice. Must
//! not know how issues are found.

use std::collections::BTreeMap;

use super::json::is_hidden;
use crate::model::issue::{Issue, Place, Severity};
use crate::model::lang::Lang;

/// Terminal columns of a line that are shown.
const WINDOW: usize = 96;
/// Terminal columns of them that stand before the caret, at most.
const BEFORE: usize = 60;

/// `issues` in `lang`, each headed `file:line:column`; with `text`, each with its line.
#[must_use]
pub fn show(issues: &[Issue], file_name: &str, text: Option<&str>, lang: Lang) -> String {
    let lines = text.map(|text| lines(text, issues)).unwrap_or_default();
    let (file_name, mut shown) = (harmless(file_name), String::new());
    for issue in issues {
        let place = issue.place;
        let at = place.map_or_else(String::new, |at| format!("{}:{}:", at.line, at.column));
        let severity = match issue.severity {
            Severity::Error => lang.of("错误", "error"),
            Severity::Warning => lang.of("警告", "warning"),
        };
        let sentence = harmless(lang.of(&issue.zh, &issue.en));
        let (code, path) = (issue.code, harmless(&issue.path));
        shown += &format!("{file_name}:{at} {severity}[{code}] {sentence}\n");
        if !path.is_empty() {
            shown += &format!("  {} {path}\n", lang.of("位于", "at"));
        }
        if let Some((place, line)) = place.and_then(|at| Some((at, lines.get(&at.line)?))) {
            shown += &excerpt(line, place);
        }
        if let Some(hint) = lang.of(&issue.hint_zh, &issue.hint_en) {
            shown += &format!("  {}{}\n", lang.of("提示：", "hint: "), harmless(hint));
        }
        shown.push('\n');
    }
    shown
}

/// The lines of `text` that `issues` stand on, by number.
fn lines<'a>(text: &'a str, issues: &[Issue]) -> BTreeMap<usize, &'a str> {
    let mut wanted: BTreeMap<usize, &str> =
        issues.iter().filter_map(|issue| Some((issue.place?.line, ""))).collect();
    let mut all = text.strip_prefix('\u{FEFF}').unwrap_or(text).split('\n');
    let mut next = 1;
    for (&number, line) in &mut wanted {
        *line = all.nth(number.saturating_sub(next)).unwrap_or("");
        next = number + 1;
    }
    wanted
}

/// The line around `place` and a caret below it.
fn excerpt(line: &str, place: Place) -> String {
    let letters: Vec<char> = line.trim_end_matches('\r').chars().map(visible).collect();
    let caret = (place.column - 1).min(letters.len());
    let (mut from, mut room) = (caret, BEFORE);
    while from > 0 && width(letters[from - 1]) <= room {
        room -= width(letters[from - 1]);
        from -= 1;
    }
    let (mut to, mut room) = (caret, WINDOW - (BEFORE - room));
    while to < letters.len() && width(letters[to]) <= room {
        room -= width(letters[to]);
        to += 1;
    }
    let head = if from > 0 { "…" } else { "" };
    let tail = if to < letters.len() { "…" } else { "" };
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    let indent =
        usize::from(from > 0) + letters[from..caret].iter().copied().map(width).sum::<usize>();
    let part: String = letters[from..to].iter().collect();
    format!("  {number} | {head}{part}{tail}\n  {margin} | {}^\n", " ".repeat(indent))
}

/// `text` on one line, nothing in it able to move a terminal's cursor: what could is written as its
/// number, such as `\u{1b}`.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut line, letter| {
        match letter {
            _ if is_hidden(letter) => line.extend(letter.escape_unicode()),
            _ => line.push(letter),
        }
        line
    })
}

fn harmless(sentence: &str) -> String {
    sentence.chars().map(visible).collect()
}

/// `letter`, or a stand-in of one column where showing it could move the cursor.
fn visible(letter: char) -> char {
    match letter {
        '\t' => ' ',
        _ if is_hidden(letter) => '\u{FFFD}',
        _ => letter,
    }
}

/// The terminal columns that `letter` takes.
fn width(letter: char) -> usize {
    let is_wide = matches!(
        u32::from(letter),
        0x1100..=0x115F
            | 0x2E80..=0x303E
            | 0x3041..=0x4DBF
            | 0x4E00..=0xA4CF
            | 0xAC00..=0xD7A3
            | 0xF900..=0xFAFF
            | 0xFE30..=0xFE6F
            | 0xFF00..=0xFF60
            | 0xFFE0..=0xFFE6
            | 0x1F300..=0x1F64F
            | 0x1F900..=0x1F9FF
            | 0x2_0000..=0x3_FFFD
    );
    let is_mark = matches!(u32::from(letter), 0x0300..=0x036F | 0xFE00..=0xFE0F);
    if is_mark { 0 } else { 1 + usize::from(is_wide) }
}

#[cfg(test)]
mod tests {
    use super::show;
    use crate::model::issue::{Issue, Place};
    use crate::model::lang::Lang;

    fn shown(text: &str, line: usize, column: usize, lang: Lang) -> String {
        let mut issue = Issue::error("J021", "$.甲", "缺少", "missing").hint("补上", "add it");
        issue.place = Some(Place { line, column });
        show(&[issue], "a.json", Some(text), lang)
    }

    #[test]
    fn an_issue_shows_place_path_line_caret_and_hint() {
        assert_eq!(
            shown("{\n  \"a\": 1\r\n}", 2, 8, Lang::En),
            "a.json:2:8: error[J021] missing\n  at $.甲\n  2 |   \"a\": 1\n    |        ^\n  hint: add it\n\n"
        );
    }

    #[test]
    fn a_chinese_character_takes_two_columns_before_the_caret() {
        // character 6 has { " 名 " : before it: 1 + 1 + 2 + 1 + 1 = 6 columns
        assert_eq!(
            shown("{\"名\":1}", 1, 6, Lang::Zh),
            "a.json:1:6: 错误[J021] 缺少\n  位于 $.甲\n  1 | {\"名\":1}\n    |       ^\n  提示：补上\n\n"
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_caret() {
        let line = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let shown = shown(&line, 1, 501, Lang::En);
        let excerpt: Vec<&str> = shown.lines().skip(2).take(2).collect();
        assert_eq!(excerpt[0], format!("  1 | …{}X{}…", "a".repeat(60), "b".repeat(35)));
        assert_eq!(excerpt[1], format!("    | {}^", " ".repeat(61)));
    }

    #[test]
    fn control_characters_of_the_text_never_reach_the_terminal() {
        let text = "{\"\u{1b}[2J\u{202e}\": 1}";
        let mut issue = Issue::error("J022", "$[\"\u{202e}\"]", "\u{1b}[2J", "\u{1b}[2J");
        issue.place = Some(Place { line: 1, column: 2 });
        let shown = show(&[issue], "a.json", Some(text), Lang::En);
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    }

    #[test]
    fn without_text_or_place_the_sentence_stands_alone() {
        let issue = Issue::warning("X1", "$", "注意", "look");
        assert_eq!(
            show(&[issue], "a.json", None, Lang::En),
            "a.json: warning[X1] look\n  at $\n\n"
        );
    }
}
