//! The closed list of faults of syntax, each with its code, sentence and advice. Must not know how
//! they are found.

use super::parse::{MAX_BYTES, MAX_CELLS, MAX_DEPTH};
use super::place::Finding;
use super::say::quoted;
use crate::model::issue::Issue;

/// Which bracket is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bracket {
    Square,
    Curly,
}

impl Bracket {
    pub(super) fn close(self) -> u8 {
        match self {
            Bracket::Square => b']',
            Bracket::Curly => b'}',
        }
    }
}

/// Why a text is no JSON, or more of it than we read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    NotUtf8(u8),
    TooLarge,
    TooDeep,
    TooMany,
    Empty,
    Ended,
    EndedInText,
    Trailing,
    Unexpected(char),
    WrongClose(char, Bracket),
    FullWidth(char, char),
    MissingValue,
    MissingComma,
    MissingColon(char),
    TrailingComma,
    Comment,
    CurlyQuote(char),
    BareWord,
    WrongCase(&'static str),
    NotFinite,
    LeadingZero,
    BadNumber,
    BadEscape(char),
    LoneSurrogate,
    LineBreak,
    Control(u8),
}

/// Code, sentence in Chinese and English, advice in Chinese and English.
type Told = (&'static str, String, String, &'static str, &'static str);

impl Fault {
    /// The fault of a letter that cannot stand where it stands.
    pub(super) fn of_letter(letter: char) -> Fault {
        let half = match letter {
            '，' | '、' => ',',
            '：' => ':',
            '【' | '［' | '「' => '[',
            '】' | '］' | '」' => ']',
            '｛' => '{',
            '｝' => '}',
            '\'' | '‘' | '’' | '“' | '”' | '＂' | '`' | '„' | '«' => {
                return Fault::CurlyQuote(letter);
            }
            _ => return Fault::Unexpected(letter),
        };
        Fault::FullWidth(letter, half)
    }

    /// The fault of a word without quotes where a value is expected.
    pub(super) fn of_word(word: &str) -> Fault {
        match word.to_ascii_lowercase().as_str() {
            "nan" | "inf" | "infinity" => Fault::NotFinite,
            "true" | "yes" => Fault::WrongCase("true"),
            "false" | "no" => Fault::WrongCase("false"),
            "null" | "none" | "nil" | "undefined" => Fault::WrongCase("null"),
            _ => Fault::BareWord,
        }
    }

    /// The issue at `offset`, which is inside the value at `path`.
    pub(super) fn finding(self, offset: usize, path: String) -> Finding {
        let (code, zh, en, hint_zh, hint_en) = match self {
            Fault::NotUtf8(_) | Fault::TooLarge | Fault::TooDeep | Fault::TooMany => self.limit(),
            Fault::Empty | Fault::Ended | Fault::EndedInText | Fault::Trailing => self.end(),
            Fault::BadEscape(_) | Fault::LoneSurrogate | Fault::LineBreak | Fault::Control(_) => {
                self.text()
            }
            Fault::NotFinite | Fault::LeadingZero | Fault::BadNumber => self.number(),
            Fault::Comment | Fault::CurlyQuote(_) | Fault::BareWord | Fault::WrongCase(_) => {
                self.habit()
            }
            _ => self.mark(),
        };
        Finding::new(offset, Issue::error(code, path, zh, en).hint(hint_zh, hint_en))
    }

    /// The issue of a key that an object has twice.
    pub(super) fn repeated(offset: usize, path: String, name: &str) -> Finding {
        let name = quoted(name);
        let issue = Issue::error(
            "J013",
            path,
            format!("字段 {name} 重复"),
            format!("the field {name} appears twice"),
        );
        Finding::new(offset, issue.hint("只保留其中一个", "keep one of the two"))
    }

    fn limit(self) -> Told {
        match self {
            Fault::NotUtf8(byte) => (
                "J001",
                format!("不是 UTF-8 文本：字节 0x{byte:02X}"),
                format!("not UTF-8 text: byte 0x{byte:02X}"),
                "请以 UTF-8 编码另存（不是 GBK 或 UTF-16）",
                "save the file as UTF-8 (not GBK or UTF-16)",
            ),
            Fault::TooLarge => (
                "J002",
                format!("文本超过 {} MB", MAX_BYTES >> 20),
                format!("the text is larger than {} MB", MAX_BYTES >> 20),
                "请拆成几个文件",
                "split it into several files",
            ),
            Fault::TooMany => (
                "J014",
                format!("值超过 {MAX_CELLS} 个"),
                format!("more than {MAX_CELLS} values"),
                "请拆成几个文件",
                "split it into several files",
            ),
            _ => (
                "J004",
                format!("嵌套超过 {MAX_DEPTH} 层"),
                format!("nested more than {MAX_DEPTH} levels deep"),
                "这里的括号多半是误写",
                "these brackets are probably a mistake",
            ),
        }
    }

    fn end(self) -> Told {
        match self {
            Fault::Empty => (
                "J005",
                "文本为空".to_owned(),
                "the text is empty".to_owned(),
                "文档应以 { 开头",
                "a document begins with {",
            ),
            Fault::Trailing => (
                "J006",
                "文档结束之后还有内容".to_owned(),
                "there is more text after the document's end".to_owned(),
                "一个文件只放一个文档；也可能是前面多了一个右括号",
                "a file holds one document; or a bracket before this closes too early",
            ),
            Fault::EndedInText => (
                "J005",
                "文本在字符串中间结束".to_owned(),
                "the text ends inside a string".to_owned(),
                "缺少右引号，或文件不完整",
                "a closing quote is missing, or the file is incomplete",
            ),
            _ => (
                "J005",
                "文本提前结束".to_owned(),
                "the text ends too early".to_owned(),
                "缺少右括号，或文件不完整",
                "a closing bracket is missing, or the file is incomplete",
            ),
        }
    }

    fn text(self) -> Told {
        let (zh, en, hint_zh, hint_en) = match self {
            Fault::BadEscape(letter) => (
                format!("没有 \\{} 这种转义", shown(letter)),
                format!("there is no escape \\{}", shown(letter)),
                "反斜杠写成 \\\\；\\u 后面要有四位十六进制数字",
                "write a backslash as \\\\; \\u needs four hexadecimal digits",
            ),
            Fault::LoneSurrogate => (
                "\\u 转义只写了代理对的一半".to_owned(),
                "a \\u escape is half of a surrogate pair".to_owned(),
                "直接写这个字符，或写出完整的一对",
                "write the character itself, or both halves",
            ),
            Fault::LineBreak => (
                "字符串在行末没有结束".to_owned(),
                "the string does not end on its line".to_owned(),
                "补上右引号；字符串里的换行写成 \\n",
                "add the closing quote; write a line break as \\n",
            ),
            Fault::Control(byte) => (
                format!("字符串中有控制字符 0x{byte:02X}"),
                format!("control character 0x{byte:02X} inside a string"),
                "制表符写成 \\t，其余写成 \\u 转义",
                "write a tab as \\t and others as \\u escapes",
            ),
            _ => unreachable!("`finding` sends only faults inside strings here"),
        };
        ("J012", zh, en, hint_zh, hint_en)
    }

    fn number(self) -> Told {
        match self {
            Fault::NotFinite => (
                "J007",
                "JSON 没有 NaN 和 Infinity".to_owned(),
                "JSON has no NaN and no Infinity".to_owned(),
                "写一个数；没有上限时省略该字段",
                "write a number; leave the field out where there is no limit",
            ),
            Fault::LeadingZero => (
                "J011",
                "数字不能以 0 开头".to_owned(),
                "a number cannot begin with 0".to_owned(),
                "编号写成带引号的字符串",
                "write codes as strings in quotes",
            ),
            _ => (
                "J011",
                "数字写法不对".to_owned(),
                "this is not a number as JSON writes it".to_owned(),
                "例如 -12、0.5、3；不写 +、千分位、单位；日期和编号要加引号",
                "such as -12, 0.5, 3; no +, no separators, no unit; dates and codes go in quotes",
            ),
        }
    }

    fn habit(self) -> Told {
        match self {
            Fault::Comment => (
                "J009",
                "JSON 不能有注释".to_owned(),
                "JSON has no comments".to_owned(),
                "删去注释；说明可写在 note 之类的字段里",
                "remove it; remarks can go into a field such as note",
            ),
            Fault::WrongCase(word) => (
                "J010",
                format!("这里应写 {word}"),
                format!("this is written {word}"),
                "true、false、null 都是小写，不加引号",
                "true, false and null are in lower case, without quotes",
            ),
            Fault::CurlyQuote(letter) => (
                "J010",
                format!("引号 {letter} 不能用"),
                format!("{letter} is not a quote in JSON"),
                "用英文双引号 \"",
                "use the straight double quote \"",
            ),
            _ => (
                "J010",
                "文字没有加引号".to_owned(),
                "text without quotes".to_owned(),
                "字段名和文字都放在英文双引号里",
                "put names and texts in double quotes",
            ),
        }
    }

    fn mark(self) -> Told {
        let (zh, en, hint_zh, hint_en) = match self {
            Fault::TrailingComma => {
                return (
                    "J008",
                    "最后一项后面多了逗号".to_owned(),
                    "a comma after the last item".to_owned(),
                    "删去这个逗号",
                    "remove this comma",
                );
            }
            Fault::FullWidth(letter, half) => (
                format!("全角标点 {letter}"),
                format!("the full-width mark {letter}"),
                half_zh(half),
                half_en(half),
            ),
            Fault::MissingValue => (
                "逗号前缺少内容".to_owned(),
                "nothing stands before this comma".to_owned(),
                "删去多余的逗号，或补上值",
                "remove the comma or add the value",
            ),
            Fault::MissingComma => (
                "缺少逗号".to_owned(),
                "a comma is missing".to_owned(),
                "在前一项之后加逗号",
                "add a comma after the item before this",
            ),
            Fault::MissingColon(letter) => (
                format!("字段名后面应是冒号，这里是 {}", shown(letter)),
                format!("a colon follows a field's name, not {}", shown(letter)),
                "写成 \"名称\": 值",
                "write \"name\": value",
            ),
            Fault::WrongClose(letter, bracket) => (
                format!("这里不能是 {letter}，应是逗号或 {}", char::from(bracket.close())),
                format!("{letter} here; expected a comma or {}", char::from(bracket.close())),
                "检查括号是否成对",
                "check that the brackets match",
            ),
            Fault::Unexpected(letter) => (
                format!("这里不能是 {}", shown(letter)),
                format!("{} cannot stand here", shown(letter)),
                "这里应是一个值、字段名或右括号",
                "a value, a name or a closing bracket is expected",
            ),
            _ => unreachable!("`finding` sends only faults of punctuation here"),
        };
        ("J003", zh, en, hint_zh, hint_en)
    }
}

fn shown(letter: char) -> String {
    quoted(letter.encode_utf8(&mut [0; 4]))
}

fn half_zh(half: char) -> &'static str {
    match half {
        ',' => "用半角逗号 ,",
        ':' => "用半角冒号 :",
        _ => "用半角括号",
    }
}

fn half_en(half: char) -> &'static str {
    match half {
        ',' => "use the plain comma ,",
        ':' => "use the plain colon :",
        _ => "use the plain bracket",
    }
}
