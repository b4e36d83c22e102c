//! What `buddle dedup` is asked: which fields make two documents one, which of them stays, and what of a URL does not count.

use serde::{Deserialize, Serialize};

use super::{UrlStep, UrlSteps};
use crate::model::{Error, Result};

/// What documents are compared by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// The text as it is decoded.
    Text,
    /// The URL in its compared form.
    Url,
    /// The id.
    Id,
    /// A field of the record, nested by dots.
    Field(String),
}

impl By {
    /// What a name stands for.
    pub fn of(name: &str) -> By {
        match name {
            "text" => By::Text,
            "url" => By::Url,
            "id" => By::Id,
            field => By::Field(field.to_owned()),
        }
    }
}

/// Which of like documents stays; of those that this leaves equal, the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Preference {
    /// The first in order.
    #[default]
    First,
    /// The one with most characters.
    Longest,
    /// The one with the greatest value in this field.
    Max(String),
    /// The one with the least value in this field.
    Min(String),
}

impl std::str::FromStr for Preference {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Preference, String> {
        match text.split_once(':') {
            None if text == "first" => Ok(Preference::First),
            None if text == "longest" => Ok(Preference::Longest),
            Some(("max", field)) if !field.is_empty() => Ok(Preference::Max(field.to_owned())),
            Some(("min", field)) if !field.is_empty() => Ok(Preference::Min(field.to_owned())),
            None if text == "all" => Err("nothing would go with `all`; --annotate marks duplicates and removes none".to_owned()),
            _ => Err(format!("`{}` is none of first, longest, max:FIELD, min:FIELD", text.escape_debug())),
        }
    }
}

impl TryFrom<String> for Preference {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Preference, String> {
        text.parse()
    }
}

impl From<Preference> for String {
    fn from(preference: Preference) -> String {
        match preference {
            Preference::First => "first".to_owned(),
            Preference::Longest => "longest".to_owned(),
            Preference::Max(field) => format!("max:{field}"),
            Preference::Min(field) => format!("min:{field}"),
        }
    }
}

/// The rules of `buddle dedup`, beside those for near and covered duplicates that it shares with `clean`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DedupRules {
    /// Fields that are equal in duplicates, all of them: text, url, id, or a field of the record, nested by dots.
    pub by: Vec<String>,
    /// Which of like documents stays: first, longest, max:FIELD or min:FIELD.
    pub keep: Preference,
    /// Differences of URLs that count all the same: scheme, www, port, fragment, tracking, case, idn, host_dot, escapes, dot_segments, empty_path, or all.
    pub skip_url_step: Vec<String>,
    /// Write every document, with what is known of its duplicates, and remove none.
    pub annotate: bool,
}

impl Default for DedupRules {
    fn default() -> Self {
        DedupRules { by: vec!["text".to_owned()], keep: Preference::First, skip_url_step: Vec::new(), annotate: false }
    }
}

impl DedupRules {
    /// What documents are compared by, each once.
    ///
    /// # Errors
    /// A usage error where there is nothing, or a field without a name.
    pub fn fields(&self) -> Result<Vec<By>> {
        let mut fields = Vec::new();
        for name in &self.by {
            if name.is_empty() {
                return Err(Error::usage("a field to compare documents by has no name").hint("--by text, --by url,lang"));
            }
            let by = By::of(name);
            if !fields.contains(&by) {
                fields.push(by);
            }
        }
        if fields.is_empty() {
            return Err(Error::usage("documents are to be compared by no field").hint("--by text, url, id, or a field"));
        }
        Ok(fields)
    }

    /// The steps of a URL's compared form.
    ///
    /// # Errors
    /// A usage error for an unknown name.
    pub fn url_steps(&self) -> Result<UrlSteps> {
        let mut steps = UrlSteps::all();
        for name in &self.skip_url_step {
            if name == "all" {
                return Ok(UrlSteps::none());
            }
            let step = UrlStep::from_name(name).ok_or_else(|| {
                let names: Vec<_> = UrlStep::ALL.iter().map(|step| step.name()).collect();
                Error::usage(format!("no step of URLs is called `{}`", name.escape_debug())).hint(format!("one of {}, all", names.join(", ")))
            })?;
            steps = steps.without(step);
        }
        Ok(steps)
    }

    /// Rules that cannot be meant.
    ///
    /// # Errors
    /// A usage error that names the option.
    pub fn check(&self) -> Result<()> {
        self.fields()?;
        self.url_steps().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_read_back() {
        for text in ["first", "longest", "max:meta.score", "min:a:b"] {
            assert_eq!(text.parse::<Preference>().map(String::from).as_deref(), Ok(text));
        }
        assert!("all".parse::<Preference>().unwrap_err().contains("--annotate"));
        for text in ["", "last", "max:", "max", "First"] {
            assert!(text.parse::<Preference>().unwrap_err().contains("max:FIELD"), "{text}");
        }
    }

    #[test]
    fn fields_and_steps() {
        let rules = |by: &[&str], skip: &[&str]| DedupRules {
            by: by.iter().map(|name| (*name).to_owned()).collect(),
            skip_url_step: skip.iter().map(|name| (*name).to_owned()).collect(),
            ..DedupRules::default()
        };
        assert_eq!(rules(&["url", "a.b", "url"], &[]).fields().unwrap(), [By::Url, By::Field("a.b".into())]);
        assert!(rules(&[], &[]).check().is_err() && rules(&["text", ""], &[]).check().is_err());
        let steps = rules(&["url"], &["www", "port"]).url_steps().unwrap();
        assert!(!steps.has(UrlStep::Www) && !steps.has(UrlStep::Port) && steps.has(UrlStep::Scheme));
        assert_eq!(rules(&["url"], &["www", "all"]).url_steps().unwrap(), UrlSteps::none());
        let error = rules(&["url"], &["query"]).check().unwrap_err();
        assert!(error.hint_text().is_some_and(|hint| hint.contains("tracking")));
        assert!(DedupRules::default().check().is_ok());
    }
}
