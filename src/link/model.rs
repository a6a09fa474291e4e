//! A link as a value: its fields, and the run that they describe.

use super::view::View;
use crate::scenarios::{self, Lesson, PerHost, Stack, Switches, Tuning, WindowScale};
use crate::sim::{Edit, Part, Scenario, Timeline};
use crate::tcp::SeqNumber;
use crate::time::Duration;

/// The content of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The id of a built-in scenario.
    pub scenario: &'static str,
    /// The part of the run that is shown; `None` for the whole.
    pub part: Option<Part>,
    /// The viewer's edits; the scenario's own come before them.
    pub edits: Vec<Edit>,
    /// The round-trip time, if not the default.
    pub rtt: Option<Duration>,
    /// The percentage of segments that are lost by chance, if not the default.
    pub loss: Option<u8>,
    /// The seed of the random losses, if not the default.
    pub seed: Option<u64>,
    /// The longest datagram that the network carries, if there is a limit.
    pub mtu: Option<u16>,
    /// The MSS that both hosts announce, if not the stack's own.
    pub mss: Option<u16>,
    /// The ISS of the client and of the server, if not the default.
    pub isn: Option<[SeqNumber; 2]>,
    /// The stack whose defaults the hosts use, if not the default.
    pub stack: Option<Stack>,
    /// The receive buffer of both hosts in bytes, if not the stack's own.
    pub window: Option<u16>,
    /// The MSL of both hosts, if not the stack's own.
    pub msl: Option<Duration>,
    /// The floor and the cap of RTO, if not the stack's own.
    pub rto: Option<[Duration; 2]>,
    /// Whether the hosts' SYNs offer SACK, if not the stack's own.
    pub sack: PerHost<bool>,
    /// Whether they offer timestamps, if not the stack's own.
    pub ts: PerHost<bool>,
    /// The window scale that they offer, if not the stack's own.
    pub wscale: PerHost<WindowScale>,
    /// What their TCPs do, if not the stack's own.
    pub switches: Switches,
    /// How the run is shown.
    pub view: View,
    /// The parameters that this version does not know, in order. They are kept for other versions.
    pub unknown: Vec<(String, String)>,
}

impl Default for Link {
    fn default() -> Self {
        Self::to(scenarios::DEFAULT)
    }
}

impl Link {
    /// The link to a built-in scenario without edits; to the default one if `id` is unknown.
    #[must_use]
    pub fn to(id: &str) -> Self {
        Self {
            scenario: Lesson::find(id).map_or(scenarios::DEFAULT, |lesson| lesson.id),
            part: None,
            edits: vec![],
            rtt: None,
            loss: None,
            seed: None,
            mtu: None,
            mss: None,
            isn: None,
            stack: None,
            window: None,
            msl: None,
            rto: None,
            sack: [None; 2],
            ts: [None; 2],
            wscale: [None; 2],
            switches: Switches::default(),
            view: View::default(),
            unknown: vec![],
        }
    }

    /// The link to the same run, without its view and unknown parameters.
    #[must_use]
    pub fn run_only(&self) -> Self {
        Self { view: View::default(), unknown: vec![], ..self.clone() }
    }

    /// The same link in another language; `None` is the reader's own.
    #[must_use]
    pub fn in_language(mut self, lang: Option<String>) -> Self {
        self.view.lang = lang;
        self
    }

    /// The same link, with this part of the run alone.
    #[must_use]
    pub fn showing(mut self, part: Option<Part>) -> Self {
        self.part = part;
        self
    }

    /// The part of a run that the link shows; the whole if the run has no such part.
    #[must_use]
    pub fn shown(&self, run: Timeline) -> Timeline {
        self.part.and_then(|part| run.part(part)).unwrap_or(run)
    }

    /// The built-in scenario.
    #[must_use]
    pub fn lesson(&self) -> &'static Lesson {
        Lesson::find(self.scenario).unwrap_or(&scenarios::LESSONS[0])
    }

    /// The tuning of the run.
    #[must_use]
    pub fn tuning(&self) -> Tuning {
        let default = Tuning::default();
        Tuning {
            rtt: self.rtt.unwrap_or(default.rtt),
            loss_percent: self.loss.unwrap_or(default.loss_percent),
            seed: self.seed.unwrap_or(default.seed),
            mtu: self.mtu,
            mss: self.mss.or(default.mss),
            isn: self.isn.unwrap_or(default.isn),
            stack: self.stack.unwrap_or(default.stack),
            window: self.window,
            msl: self.msl,
            rto: self.rto,
            sack: self.sack,
            timestamps: self.ts,
            window_scale: self.wscale,
            switches: self.switches,
        }
    }

    /// The scenario to run: the built-in one, tuned, with its own edits followed by the viewer's.
    #[must_use]
    pub fn scenario_to_run(&self) -> Scenario {
        let mut scenario = self.lesson().scenario(&self.tuning());
        scenario.edits.extend(&self.edits);
        scenario
    }

    /// The number of edits at the start of [`scenario_to_run`](Self::scenario_to_run) that are the
    /// built-in scenario's own.
    #[must_use]
    pub fn own_edits(&self) -> usize {
        self.lesson().scenario(&self.tuning()).edits.len()
    }
}
