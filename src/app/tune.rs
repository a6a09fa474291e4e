//! The fields of the Tune panel: their values as text, and their effect on the link.

use super::run::Run;
use crate::link::{self, Link, ProblemKind, Range};
use crate::locale::{self, Catalog};
use crate::sim::Side;
use crate::tcp::Config;
use crate::time::Duration;

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tunable {
    /// The round-trip time.
    Rtt,
    /// The percentage of segments that are lost by chance.
    Loss,
    /// The seed of the random losses.
    Seed,
    /// The longest datagram that the network carries.
    Mtu,
    /// The MSS that both hosts announce.
    Mss,
    /// The receive buffer of both hosts.
    Window,
    /// A host's ISS.
    Isn(Side),
    /// The maximum segment lifetime: half the duration of TIME-WAIT.
    Msl,
    /// The floor of RTO.
    RtoMin,
    /// The cap of RTO.
    RtoMax,
    /// What the hosts' TCPs do, by the parameter in links: for both hosts, or for each.
    Option(&'static str),
}

impl Tunable {
    /// Every field, in the order of the panel.
    pub const ALL: [Self; 11] = [
        Self::Rtt,
        Self::Loss,
        Self::Seed,
        Self::Mtu,
        Self::Window,
        Self::Mss,
        Self::Isn(Side::Client),
        Self::Isn(Side::Server),
        Self::Msl,
        Self::RtoMin,
        Self::RtoMax,
    ];

    /// The options of the hosts, in the order of the panel.
    pub const OPTIONS: [Self; 10] = [
        Self::Option("sack"),
        Self::Option("ts"),
        Self::Option("wscale"),
        Self::Option("nodelay"),
        Self::Option("delack"),
        Self::Option("keepalive"),
        Self::Option("user-timeout"),
        Self::Option("rfc5961"),
        Self::Option("rfc1337"),
        Self::Option("reopen"),
    ];

    fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain(Self::OPTIONS)
    }

    /// The values to choose from, if its values are `on` and `off`: for both hosts, for the client
    /// alone, for the server alone, and for neither.
    #[must_use]
    pub fn choices(self) -> Option<[&'static str; 4]> {
        let is_switch = matches!(
            self,
            Self::Option("sack" | "ts" | "nodelay" | "rfc5961" | "rfc1337" | "reopen")
        );
        is_switch.then_some(["on", "on,off", "off,on", "off"])
    }

    /// Its name in locale files: `ui.tune.<id>`.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Rtt => "rtt",
            Self::Loss => "loss",
            Self::Seed => "seed",
            Self::Mtu => "mtu",
            Self::Mss => "mss",
            Self::Window => "window",
            Self::Isn(Side::Client) => "isn-client",
            Self::Isn(Side::Server) => "isn-server",
            Self::Msl => "msl",
            Self::RtoMin => "rto-min",
            Self::RtoMax => "rto-max",
            Self::Option(name) => name,
        }
    }

    /// The parameter in links, and the index of this value if the parameter has two.
    const fn parameter(self) -> (&'static str, Option<usize>) {
        match self {
            Self::Isn(side) => ("isn", Some(side.index())),
            Self::RtoMin => ("rto", Some(0)),
            Self::RtoMax => ("rto", Some(1)),
            _ => (self.id(), None),
        }
    }

    fn range(self) -> Option<Range> {
        link::range(self.parameter().0)
    }

    /// Whether its value is a time rather than a number.
    #[must_use]
    pub fn is_span(self) -> bool {
        matches!(self.range(), Some(Range::Spans(..)))
    }

    /// Its value as in a link: `100ms`, `1460`.
    #[must_use]
    pub fn value(self, link: &Link) -> String {
        let tuning = link.tuning();
        let config = tuning.config(Side::Client);
        match self {
            Self::Rtt => tuning.rtt.to_string(),
            Self::Loss => tuning.loss_percent.to_string(),
            Self::Seed => tuning.seed.to_string(),
            Self::Mtu => match link.scenario_to_run().network.mtu {
                Some(mtu) => mtu.to_string(),
                None => "off".to_owned(),
            },
            Self::Isn(side) => tuning.isn[side.index()].to_string(),
            Self::Mss | Self::Window | Self::Msl | Self::RtoMin | Self::RtoMax => {
                self.of_host(&config)
            }
            // The scenario's own, unless the link says otherwise.
            Self::Option(_) => {
                let hosts = link.scenario_to_run().hosts;
                let [client, server] = hosts.map(|host| self.of_host(&host.config));
                if client == server { client } else { format!("{client},{server}") }
            }
        }
    }

    /// Its value for one host; empty for a field of the network.
    fn of_host(self, config: &Config) -> String {
        match self {
            Self::Mss => config.mss.to_string(),
            Self::Window => config.receive_buffer.to_string(),
            Self::Msl => Duration::from_micros(config.time_wait.as_micros() / 2).to_string(),
            Self::RtoMin => config.rto_min.to_string(),
            Self::RtoMax => config.rto_max.to_string(),
            Self::Option(name) => option_of(name, config),
            Self::Rtt | Self::Loss | Self::Seed | Self::Mtu | Self::Isn(_) => String::new(),
        }
    }

    /// Its value when only the stack is chosen.
    #[must_use]
    pub fn default_value(self, link: &Link) -> String {
        self.value(&Link { stack: link.stack, ..link.untuned() })
    }

    /// Whether its value is not the default.
    #[must_use]
    pub fn is_tuned(self, link: &Link) -> bool {
        self.value(link) != self.default_value(link)
    }

    /// The link with another value for this field; an empty value means the default.
    ///
    /// # Errors
    ///
    /// Why the value is invalid.
    pub fn set(self, link: &Link, text: &str) -> Result<Link, ProblemKind> {
        let text: String = text.split_whitespace().collect();
        let text = if text.is_empty() { self.default_value(link) } else { text };
        let (key, half) = self.parameter();
        let text = match (half, self) {
            (None, Self::Mtu) if text.eq_ignore_ascii_case("off") => String::new(),
            (None, _) => text,
            (Some(0), Self::RtoMin) => format!("{text},{}", Self::RtoMax.value(link)),
            (Some(_), Self::RtoMax) => format!("{},{text}", Self::RtoMin.value(link)),
            (Some(0), _) => format!("{text},{}", Self::Isn(Side::Server).value(link)),
            (Some(_), _) => format!("{},{text}", Self::Isn(Side::Client).value(link)),
        };
        let turned = link.tuned(key, &text)?;
        // A value that the stack has by default is left out of the link.
        let plain = link.tuned(key, "")?;
        let same = Self::all().all(|tunable| tunable.value(&plain) == tunable.value(&turned));
        Ok(if same { plain } else { turned })
    }

    /// Why a value was rejected, in one sentence.
    #[must_use]
    pub fn complaint(self, kind: ProblemKind, catalog: &Catalog) -> String {
        if kind == ProblemKind::Reversed {
            return catalog.text("ui.tune.reversed").to_owned();
        }
        let range = match self.range() {
            Some(Range::Spans(from, to)) => catalog.format(
                "ui.tune.not-a-time",
                &[("from", &locale::span(from)), ("to", &locale::span(to))],
            ),
            Some(Range::Numbers(from, to)) => catalog.format(
                "ui.tune.not-a-number",
                &[("from", &locale::number(from)), ("to", &locale::number(to))],
            ),
            None => catalog.text("ui.tune.not-keep-alives").to_owned(),
        };
        match self {
            Self::Option(_) => catalog.format("ui.tune.or-off", &[("what", &range)]),
            _ => range,
        }
    }

    /// The hosts for which the scenario itself fixes this value, so that the field has no effect.
    #[must_use]
    pub fn set_by_scenario(self, link: &Link, run: &Run) -> Vec<Side> {
        if let Self::Option(_) = self {
            return vec![];
        }
        let tuning = link.tuning();
        let differs = |side: &Side| {
            let config = &run.timeline.scenario().hosts[side.index()].config;
            self.of_host(config) != self.of_host(&tuning.config(*side))
        };
        Side::BOTH.into_iter().filter(differs).collect()
    }
}

/// An option of a host in the notation of links.
fn option_of(name: &str, config: &Config) -> String {
    let switch = |is_on: bool| (if is_on { "on" } else { "off" }).to_owned();
    let or_off = |value: Option<String>| value.unwrap_or_else(|| "off".to_owned());
    match name {
        "sack" => switch(config.sack),
        "ts" => switch(config.timestamps),
        "wscale" => or_off(config.window_scale.map(|bits| bits.to_string())),
        "nodelay" => switch(!config.nagle),
        "delack" => or_off(config.delayed_ack.map(|delay| delay.to_string())),
        "keepalive" => link::write_keep_alive(config.keep_alive),
        "user-timeout" => or_off(config.user_timeout.map(|timeout| timeout.to_string())),
        "rfc5961" => switch(config.challenge_rst),
        "rfc1337" => switch(config.time_wait_ignores_rst),
        _ => switch(config.habits.time_wait_reopens),
    }
}

/// A value that was tuned, in words, and the link without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tuned {
    /// Its name and value: `Loss, % 30`.
    pub text: String,
    /// The link with the default instead.
    pub without: Link,
}

/// The tuned values of a link.
#[must_use]
pub fn tuned(link: &Link, catalog: &Catalog) -> Vec<Tuned> {
    let stack = link.stack.is_some().then(|| Tuned {
        text: catalog.text("ui.tune.linux").to_owned(),
        without: Link { stack: None, ..link.clone() },
    });
    let fields = Tunable::all().filter(|tunable| tunable.is_tuned(link));
    let fields = fields.filter_map(|tunable| {
        let key = format!("ui.tune.{}", tunable.id());
        let name = catalog.text(&key);
        let text = format!("{name} {}", tunable.value(link));
        Some(Tuned { text, without: tunable.set(link, "").ok()? })
    });
    stack.into_iter().chain(fields).collect()
}

/// The values that the last change tuned: those of `after` that `before` does not have.
#[must_use]
pub fn newly_tuned(before: &Link, after: &Link, catalog: &Catalog) -> Option<String> {
    let before: Vec<String> = tuned(before, catalog).into_iter().map(|it| it.text).collect();
    let new = tuned(after, catalog).into_iter().map(|it| it.text);
    let new: Vec<String> = new.filter(|text| !before.contains(text)).collect();
    (!new.is_empty()).then(|| new.join(", "))
}

/// Whether the changes from `before` to `between` and from there to `after` set the same parameters
/// and nothing else, so that they count as one change.
pub(super) fn is_same_change(before: &Link, between: &Link, after: &Link) -> bool {
    let is_about_the_rest =
        |one: &Link, other: &Link| (one.scenario, &one.edits) != (other.scenario, &other.edits);
    before.tuning_differences(between) == between.tuning_differences(after)
        && !is_about_the_rest(before, between)
        && !is_about_the_rest(between, after)
}

#[cfg(test)]
mod tests {
    use super::Tunable;
    use crate::app::{Action, AppState, Change, Run, reduce};
    use crate::link::{Link, ProblemKind};
    use crate::locale::Catalog;
    use crate::sim::Side;

    fn link(text: &str) -> Link {
        Link::parse("", text).0
    }

    #[track_caller]
    fn turn(tunable: Tunable, from: &str, text: &str) -> String {
        tunable.set(&link(from), text).unwrap().to_string()
    }

    #[test]
    fn each_field_shows_what_the_run_has() {
        let shown = |text: &str| Tunable::ALL.map(|tunable| tunable.value(&link(text)));
        assert_eq!(
            shown(""),
            ["100ms", "0", "1", "off", "65535", "1460", "100", "300", "120s", "1s", "60s"]
        );
        assert_eq!(shown("mtu=1400")[3], "1400");
        assert_eq!(shown("stack=linux")[8..], ["30s", "200ms", "120s"]);
        assert_eq!(
            shown("mss=536&isn=7,8&msl=1s&rto=2s,3s")[5..],
            ["536", "7", "8", "1s", "2s", "3s"]
        );
    }

    #[test]
    fn a_value_is_taken_and_the_default_is_not_said() {
        assert_eq!(turn(Tunable::Rtt, "", " 1.5 s"), "scenario=normal&rtt=1500ms");
        assert_eq!(turn(Tunable::Rtt, "rtt=20", "100"), "scenario=normal");
        assert_eq!(turn(Tunable::Mss, "mss=536", ""), "scenario=normal");
        assert_eq!(turn(Tunable::Mss, "", "1460"), "scenario=normal");
        assert_eq!(turn(Tunable::Mtu, "", "1400"), "scenario=normal&mtu=1400");
        assert_eq!(turn(Tunable::Mtu, "mtu=1400", "off"), "scenario=normal");
        assert_eq!(turn(Tunable::Isn(Side::Server), "", "0"), "scenario=normal&isn=100,0");
        assert_eq!(turn(Tunable::RtoMin, "", "200"), "scenario=normal&rto=200ms,60s");
        assert_eq!(turn(Tunable::RtoMin, "rto=200ms,60s", ""), "scenario=normal");
        assert_eq!(
            turn(Tunable::RtoMax, "stack=linux", "1s"),
            "scenario=normal&stack=linux&rto=200ms,1s"
        );
    }

    #[test]
    fn options_are_those_of_the_run() {
        let value = |name, text: &str| Tunable::Option(name).value(&link(text));
        assert_eq!(value("keepalive", "scenario=keep-alive"), "60s-10s-3,off");
        assert_eq!(value("sack", "scenario=sack"), "on");
        assert_eq!(value("sack", "sack=S:on"), "off,on");
        assert_eq!(value("wscale", "stack=linux&wscale=S:off"), "7,off");
        assert_eq!(value("delack", "scenario=three-segment-close"), "off,40ms");
        let option = Tunable::Option;
        assert_eq!(turn(option("nodelay"), "", "on,off"), "scenario=normal&nodelay=on,off");
        assert_eq!(turn(option("nodelay"), "nodelay=on", "off"), "scenario=normal");
        let off = turn(option("keepalive"), "scenario=keep-alive", "off");
        assert_eq!(off, "scenario=keep-alive&keepalive=off");
        assert_eq!(turn(option("keepalive"), &off, ""), "scenario=keep-alive");
        for tunable in Tunable::OPTIONS {
            let catalog = Catalog::english();
            assert!(catalog.has(&format!("ui.tune.{}", tunable.id())), "{tunable:?}");
            let kind = tunable.set(&Link::default(), "no").unwrap_err();
            assert!(tunable.complaint(kind, catalog).ends_with("by a comma."), "{tunable:?}");
            for choice in tunable.choices().into_iter().flatten() {
                assert_eq!(tunable.value(&tunable.set(&Link::default(), choice).unwrap()), choice);
            }
        }
    }

    #[test]
    fn a_bad_value_says_why() {
        let why = |tunable: Tunable, text| {
            let kind = tunable.set(&Link::default(), text).unwrap_err();
            tunable.complaint(kind, Catalog::english())
        };
        assert!(why(Tunable::Rtt, "61s").contains("0 ms to 60 s"), "{}", why(Tunable::Rtt, "61s"));
        assert!(why(Tunable::Loss, "101").contains("0 to 100"));
        assert!(why(Tunable::Mss, "15").contains("16 to 65,495"));
        assert!(why(Tunable::Isn(Side::Client), "1,2").contains("0 to 4,294,967,295"));
        assert_eq!(Tunable::RtoMax.set(&Link::default(), "10ms"), Err(ProblemKind::Reversed));
    }

    #[test]
    fn what_the_scenario_sets_itself_is_known() {
        let sides = |tunable: Tunable, text: &str| {
            let link = link(text);
            tunable.set_by_scenario(&link, &Run::of(&link, false))
        };
        assert_eq!(sides(Tunable::Window, "scenario=zero-window&window=99"), [Side::Server]);
        assert_eq!(sides(Tunable::Msl, "scenario=no-time-wait"), [Side::Client]);
        for tunable in Tunable::ALL {
            assert_eq!(sides(tunable, "mss=99&window=9&isn=1,2&stack=linux&msl=1s"), []);
        }
    }

    #[test]
    fn what_is_tuned_is_listed_and_can_be_taken_back() {
        let english = Catalog::english();
        let link = link("loss=30&rtt=20ms&stack=linux");
        let tuned = super::tuned(&link, english);
        let texts: Vec<&str> = tuned.iter().map(|it| it.text.as_str()).collect();
        assert_eq!(texts, ["Linux", "RTT 20ms", "Loss, % 30"]);
        assert_eq!(tuned[2].without.to_string(), "scenario=normal&rtt=20ms&stack=linux");
        let before = Link::parse("", "rtt=20ms&stack=linux").0;
        assert_eq!(super::newly_tuned(&before, &link, english).as_deref(), Some("Loss, % 30"));
        assert_eq!(super::newly_tuned(&link, &link, english), None);
    }

    #[test]
    fn turning_on_is_one_change_to_undo() {
        let turned = |state: &AppState, tunable: Tunable, text| {
            let link = tunable.set(&state.link, text).unwrap();
            reduce(state, Action::Edit(Change::Tune(Box::new(link))))
        };
        let mut state = AppState::open(Link::default(), vec![]);
        for text in ["2", "20", "200"] {
            state = turned(&state, Tunable::Rtt, text);
        }
        let first = state.ghost.clone().unwrap();
        assert_eq!(
            first.run.timeline.scenario().network.delay.as_millis(),
            50,
            "the run before all"
        );
        state = turned(&state, Tunable::Mss, "536");
        assert_eq!(state.link.to_string(), "scenario=normal&rtt=200ms&mss=536");
        state = reduce(&state, Action::Edit(Change::Undo));
        assert_eq!(state.link.to_string(), "scenario=normal&rtt=200ms");
        state = reduce(&state, Action::Edit(Change::Undo));
        assert_eq!(state.link.to_string(), "scenario=normal");
        assert!(!state.can_undo());
        // A return to the first value leaves nothing to undo.
        state = turned(&state, Tunable::Rtt, "200");
        state = turned(&state, Tunable::Rtt, "100");
        assert!(!state.can_undo() && state.ghost.is_none());
    }
}
