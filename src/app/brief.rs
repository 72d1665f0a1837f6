//! Changes in short, as they are written on a command line: a kind and `field=value`, or somebody
//! new. What is wrong with one is told at its own words. Must not know arguments.

use serde_json::{Map, Value, json};

use super::Failure;
use super::documents::{self, Text, written};
use crate::model::change::{CHANGES_FORMAT, Change};
use crate::model::issue::{Issue, Issues, Place};

/// A change in short.
#[derive(Clone, Debug)]
pub struct Brief {
    /// What it is called and what it says.
    pub text: Text,
    /// Whether it is somebody new.
    is_person: bool,
}

impl Brief {
    /// `texts` such as `skill person=wang skill=tax level=4`, called `name`, where there are
    /// several with their numbers.
    #[must_use]
    pub fn changes(name: &str, texts: &[String]) -> Vec<Brief> {
        briefs(name, texts, false)
    }

    /// The same of people, such as `id=ma skill=tax:4,vat:3 calendar=office` or `like=wang id=ma`.
    #[must_use]
    pub fn people(name: &str, texts: &[String]) -> Vec<Brief> {
        briefs(name, texts, true)
    }

    /// What it says.
    ///
    /// # Errors
    /// [`Failure::Document`] with all that is wrong with it.
    pub fn change(&self) -> Result<Change, Failure> {
        let text = String::from_utf8_lossy(&self.text.bytes);
        let read = if self.is_person { newcomer(&text) } else { change(&text) };
        let faulty = |issues| Failure::Document { text: self.text.clone(), issues };
        let change = read.map_err(|issue| faulty(vec![*issue]))?;
        let document = json!({"format": CHANGES_FORMAT, "changes": [change]});
        let document = Text { bytes: written(&document).into_bytes(), ..self.text.clone() };
        match documents::changes(&document) {
            Ok(changes) => changes.changes.into_iter().next().ok_or_else(|| faulty(Vec::new())),
            Err(Failure::Document { issues, .. }) => Err(faulty(self.placed(issues))),
            Err(other) => Err(other),
        }
    }

    /// `issues` of the list that holds this change alone, at the words they are about.
    pub(super) fn placed(&self, issues: Issues) -> Issues {
        let text = String::from_utf8_lossy(&self.text.bytes);
        let at = |issue: Issue| {
            let Some(path) = issue.path.strip_prefix("$.changes[0]") else { return issue };
            let names: Vec<&str> =
                path.split(['.', '[', ']']).filter(|name| is_name(name)).collect();
            match words(&text).into_iter().find(|word| word.is_one_of(&names)) {
                Some(word) => Issue {
                    path: word.field.to_owned(),
                    place: Some(Place { line: 1, column: word.column }),
                    ..issue
                },
                None => Issue { path: path.trim_matches('.').to_owned(), place: None, ..issue },
            }
        };
        issues.into_iter().map(at).collect()
    }
}

fn briefs(name: &str, texts: &[String], is_person: bool) -> Vec<Brief> {
    let called = |row: usize| match texts.len() {
        1 => name.to_owned(),
        _ => format!("{name} {}", row + 1),
    };
    let rows = texts.iter().enumerate();
    rows.map(|(row, text)| Brief {
        text: Text { name: called(row), bytes: text.as_bytes().to_vec() },
        is_person,
    })
    .collect()
}

/// A word of a brief: `field=value`, or the kind of change, which is a value without a field.
struct Word<'a> {
    field: &'a str,
    value: &'a str,
    /// Where the value begins, counted from 1.
    column: usize,
}

impl Word<'_> {
    /// Whether one of the members `names` of a change was written here.
    fn is_one_of(&self, names: &[&str]) -> bool {
        let last = self.field.rsplit('.').next().unwrap_or("");
        match (self.field, last) {
            ("", _) => names.contains(&"kind"),
            // Somebody like somebody else is a copy of that person.
            ("like", _) => names == ["person"],
            ("skill", _) if names.contains(&"skills") => true,
            (_, last) => names.last() == Some(&last),
        }
    }
}

/// Whether `name` is that of a member, and no row of a list.
fn is_name(name: &str) -> bool {
    name.chars().any(|letter| !letter.is_ascii_digit())
}

fn words(text: &str) -> Vec<Word<'_>> {
    let (mut words, mut column) = (Vec::new(), 1);
    for piece in text.split(char::is_whitespace) {
        let length = piece.chars().count();
        if !piece.is_empty() {
            let (field, value) = piece.split_once('=').unwrap_or(("", piece));
            let column = column + length - value.chars().count();
            words.push(Word { field, value, column });
        }
        column += length + 1;
    }
    words
}

/// One change as an object: its kind, then `field=value` with dots for fields of fields.
fn change(text: &str) -> Result<Value, Box<Issue>> {
    let mut words = words(text).into_iter();
    let kind = words.next().filter(|word| word.field.is_empty());
    let kind = kind.ok_or_else(|| unclear(text, 1))?;
    if kind.value == "add_person" {
        return Err(not_flat(kind.column));
    }
    let mut object = Map::new();
    object.insert("kind".to_owned(), json!(kind.value));
    for Word { field, value, column } in words {
        let mut place = &mut object;
        let mut names: Vec<&str> = field.split('.').collect();
        let last = names.pop().filter(|name| !name.is_empty());
        let last = last.ok_or_else(|| unclear(text, column))?;
        for name in names {
            let inner = place.entry(name).or_insert_with(|| json!({}));
            place = inner.as_object_mut().ok_or_else(|| unclear(text, column))?;
        }
        place.insert(last.to_owned(), read(last, value));
    }
    Ok(Value::Object(object))
}

/// A value: a whole number, yes or no, names set apart by commas where there can be several.
fn read(field: &str, value: &str) -> Value {
    if field == "mentors" {
        return json!(value.split(',').collect::<Vec<_>>());
    }
    match (value.parse::<i64>(), value) {
        // Names may be numbers.
        (Ok(_), _) if matches!(field, "person" | "id" | "skill" | "calendar" | "tool") => {
            json!(value)
        }
        (Ok(number), _) => json!(number),
        (_, "true") => json!(true),
        (_, "false") => json!(false),
        _ => json!(value),
    }
}

/// Somebody new as a change.
fn newcomer(text: &str) -> Result<Value, Box<Issue>> {
    let words = words(text);
    if let Some(word) = words.iter().find(|word| word.field.is_empty()) {
        return Err(unclear(text, word.column));
    }
    let mut fields: Vec<&Word<'_>> = words.iter().collect();
    let mut take = |name: &str| {
        let row = fields.iter().position(|word| word.field == name)?;
        Some(fields.remove(row))
    };
    let id = take("id").ok_or_else(|| unclear(text, 1))?.value;
    if let Some(like) = take("like") {
        return Ok(json!({"kind": "clone_person", "person": like.value, "id": id}));
    }
    let mut skills: Vec<Value> = Vec::new();
    if let Some(word) = take("skill") {
        for skill in word.value.split(',').filter(|skill| !skill.is_empty()) {
            let (skill, level) = skill.split_once(':').unwrap_or((skill, "3"));
            let level: u8 = level.parse().map_err(|_| unclear(text, word.column))?;
            skills.push(json!({"skill": skill, "level": level}));
        }
    }
    let calendar = take("calendar").ok_or_else(|| unclear(text, 1))?.value;
    let bands = json!([{"kind": "regular", "calendar": calendar}]);
    let mut person = json!({"id": id, "skills": skills, "bands": bands});
    for word in fields {
        person[word.field] = read(word.field, word.value);
    }
    Ok(json!({"kind": "add_person", "person": person}))
}

/// That somebody new has lists in him, which no `field=value` holds.
fn not_flat(column: usize) -> Box<Issue> {
    let told = Issue::error("C104", "", "新员工不用 --set", "somebody new is no --set");
    let told = Issue { place: Some(Place { line: 1, column }), ..told };
    Box::new(told.hint(
        "用 --add-person：字段为 id、skill（如 tax:4,vat:3）、calendar，可另加 team、base、mentors、\
         trainee、urgent_only；或 like=王 id=ma",
        "use --add-person: its fields are id, skill (as in tax:4,vat:3) and calendar, and if wanted \
         team, base, mentors, trainee, urgent_only; or like=wang id=ma",
    ))
}

/// That `text` has no form that is known, from `column` on.
fn unclear(text: &str, column: usize) -> Box<Issue> {
    let zh = format!("读不懂“{text}”");
    let told = Issue::error("C104", "", zh, format!("cannot read \"{text}\""));
    let told = Issue { place: Some(Place { line: 1, column }), ..told };
    Box::new(told.hint(
        "改变写作 skill person=王 skill=tax level=4，新员工写作 id=ma skill=tax:4 calendar=office \
         或 like=王 id=ma",
        "write a change as skill person=wang skill=tax level=4, somebody new as \
         id=ma skill=tax:4 calendar=office, or like=wang id=ma",
    ))
}

#[cfg(test)]
mod tests {
    use super::Brief;
    use crate::app::Failure;

    /// Code, field and column of each fault.
    fn faults(brief: &Brief) -> Vec<(&'static str, String, usize)> {
        let Err(Failure::Document { issues, .. }) = brief.change() else { panic!("{brief:?}") };
        let column = |place: Option<super::Place>| place.map_or(0, |place| place.column);
        issues.into_iter().map(|own| (own.code, own.path, column(own.place))).collect()
    }

    #[test]
    fn faults_stand_at_their_words() {
        let texts = ["skill person=an skill=tax level=9", "sklil person=an", "demand percent"];
        let briefs = Brief::changes("--set", &texts.map(str::to_owned));
        assert_eq!(briefs[1].text.name, "--set 2");
        assert_eq!(faults(&briefs[0]), [("J024", "level".to_owned(), 33)]);
        assert_eq!(faults(&briefs[1])[0].2, 1);
        assert_eq!(faults(&briefs[2]), [("C104", String::new(), 8)]);
        let text = "id=ma skill=tax:7 calendar=office".to_owned();
        let person = Brief::people("--add-person", &[text]);
        assert_eq!(person[0].text.name, "--add-person");
        assert_eq!(faults(&person[0]), [("J024", "skill".to_owned(), 13)]);
    }
}
