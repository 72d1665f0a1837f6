//! What if: a question planned as it is and as it would be. Changes come from a file, from short
//! texts, or both. Must not know arguments.

use serde_json::{Map, Value, json};

use super::Failure;
use super::documents::{self, Question, Text, written};
use super::morning::{self, Settings};
use crate::model::change::{CHANGES_FORMAT, Changes};
use crate::model::check;
use crate::model::contrast::Contrast;
use crate::model::plan::Plan;
use crate::planning::{Answer, Progress};
use crate::whatif::change::apply;
use crate::whatif::contrast::contrast;

/// Changes that were asked for, and the text that says so.
pub struct Wanted {
    /// The changes.
    pub changes: Changes,
    /// Where they stand.
    pub text: Text,
}

/// Reads the changes of `file`, then those of `set`, such as `skill person=wang skill=tax level=4`,
/// then `added` people, such as `id=ma skill=tax:4,vat:3 calendar=office` or `like=wang id=ma`.
///
/// # Errors
/// [`Failure::Document`] with all that is wrong; [`Failure::Wish`] for a text of no known form.
pub fn wanted(
    file: Option<Text>,
    set: &[String],
    added: &[String],
) -> Result<Option<Wanted>, Failure> {
    let read = |text: Text| documents::changes(&text).map(|changes| (changes, text));
    let stated = file.map(read).transpose()?;
    if set.is_empty() && added.is_empty() {
        return Ok(stated.map(|(changes, text)| Wanted { changes, text }));
    }
    let mut document = match &stated {
        Some((changes, _)) => json!(changes),
        None => json!({"format": CHANGES_FORMAT, "changes": []}),
    };
    let more = set.iter().map(|text| change(text)).chain(added.iter().map(|text| newcomer(text)));
    let more = more.collect::<Result<Vec<Value>, Failure>>()?;
    if let Some(changes) = document.get_mut("changes").and_then(Value::as_array_mut) {
        changes.extend(more);
    }
    let text = Text { name: "--set".to_owned(), bytes: written(&document).into_bytes() };
    Ok(Some(Wanted { changes: documents::changes(&text)?, text }))
}

/// One change as an object: its kind, then `field=value` with dots for fields of fields.
fn change(text: &str) -> Result<Value, Failure> {
    let mut words = text.split_whitespace();
    let mut object = Map::new();
    let kind = words.next().filter(|kind| !kind.contains('=')).ok_or_else(|| unclear(text))?;
    if kind == "add_person" {
        return Err(not_flat());
    }
    object.insert("kind".to_owned(), json!(kind));
    for word in words {
        let (field, value) = word.split_once('=').ok_or_else(|| unclear(text))?;
        let mut place = &mut object;
        let mut names: Vec<&str> = field.split('.').collect();
        let last = names.pop().filter(|name| !name.is_empty()).ok_or_else(|| unclear(text))?;
        for name in names {
            let inner = place.entry(name).or_insert_with(|| json!({}));
            place = inner.as_object_mut().ok_or_else(|| unclear(text))?;
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
fn newcomer(text: &str) -> Result<Value, Failure> {
    let mut fields = Map::new();
    for word in text.split_whitespace() {
        let (field, value) = word.split_once('=').ok_or_else(|| unclear(text))?;
        fields.insert(field.to_owned(), json!(value));
    }
    let mut take = |name: &str| match fields.remove(name) {
        Some(Value::String(value)) => Some(value),
        _ => None,
    };
    let id = take("id").ok_or_else(|| unclear(text))?;
    if let Some(like) = take("like") {
        return Ok(json!({"kind": "clone_person", "person": like, "id": id}));
    }
    let skills = take("skill").unwrap_or_default();
    let held = |skill: &str| {
        let (skill, level) = skill.split_once(':').unwrap_or((skill, "3"));
        let level: u8 = level.parse().map_err(|_| unclear(text))?;
        Ok(json!({"skill": skill, "level": level}))
    };
    let skills: Vec<Value> = skills
        .split(',')
        .filter(|skill| !skill.is_empty())
        .map(held)
        .collect::<Result<_, Failure>>()?;
    let calendar = take("calendar").ok_or_else(|| unclear(text))?;
    let bands = json!([{"kind": "regular", "calendar": calendar}]);
    let mut person = json!({"id": id, "skills": skills, "bands": bands});
    for (field, value) in fields {
        let value = value.as_str().map(|value| read(&field, value));
        person[field] = value.unwrap_or_default();
    }
    Ok(json!({"kind": "add_person", "person": person}))
}

/// That somebody new has lists in him, which no `field=value` holds.
fn not_flat() -> Failure {
    Failure::wish(
        "新员工不用 --set，用 --add-person：字段为 id、skill（如 tax:4,vat:3）、calendar，可另加 team、\
         base、mentors、trainee、urgent_only；或 like=王 id=ma",
        "somebody new is no --set but --add-person: its fields are id, skill (as in tax:4,vat:3) and \
         calendar, and if wanted team, base, mentors, trainee, urgent_only; or like=wang id=ma",
    )
}

fn unclear(text: &str) -> Failure {
    Failure::wish(
        format!(
            "读不懂“{text}”：改变写作 skill person=王 skill=tax level=4，新员工写作 \
             id=ma skill=tax:4 calendar=office 或 like=王 id=ma"
        ),
        format!(
            "cannot read \"{text}\": write a change as skill person=wang skill=tax level=4, \
             somebody new as id=ma skill=tax:4 calendar=office, or like=wang id=ma"
        ),
    )
}

/// `question` with `wanted` made true.
///
/// # Errors
/// [`Failure::Document`] with all that is wrong with the changes, or with the scenario they make.
pub fn changed(question: &Question, wanted: &Wanted) -> Result<Question, Failure> {
    let faulty = |issues| documents::meant(&wanted.text, issues);
    let scenario = apply(&question.scenario, &wanted.changes.changes).map_err(faulty)?;
    let (work, _) = check::check(&scenario).map_err(faulty)?;
    Ok(Question { text: question.text.clone(), scenario, work, warnings: Vec::new() })
}

/// Plans `question` as it is and as it would be, each with the same effort.
///
/// # Errors
/// As [`changed`] and [`morning::plan`].
pub fn contrasted(
    question: &Question,
    wanted: &Wanted,
    previous: Option<&Plan>,
    settings: &Settings,
    watch: &mut dyn FnMut(&Progress) -> bool,
) -> Result<(Contrast, Question, Answer), Failure> {
    let other = changed(question, wanted)?;
    let before = morning::plan(question, previous, settings, watch)?;
    let after = morning::plan(&other, previous, settings, watch)?;
    Ok((contrast(&wanted.changes, &before, &after), other, after))
}
