//! Kernel variables, which scripts set with `sysctl`.

use super::host::Host;
use super::socket_options::keep;
use crate::tcp::Config;
use crate::time::Duration;

impl Host {
    /// Sets a kernel variable. Returns whether it has an effect here.
    pub(super) fn set_variable(&mut self, name: &str, value: &str) -> bool {
        if let Some(name) = name.strip_prefix("net.ipv4.") {
            return self.set_linux_variable(name, value);
        }
        let Some(name) = name.strip_prefix("net.inet.tcp.") else { return false };
        let Ok(number) = value.parse::<u32>() else { return false };
        let is_on = number != 0;
        let span = Duration::from_millis(u64::from(number));
        match name {
            "insecure_rst" => self.reconfigure(|config| config.challenge_rst = !is_on),
            "insecure_syn" => self.reconfigure(|config| config.challenge_syn = !is_on),
            "drop_synfin" => self.reconfigure(|config| config.drop_syn_fin = is_on),
            "rexmit_initial" => self.reconfigure(|config| config.rto_initial = span),
            "delacktime" if self.delayed_ack_is_fixed => {}
            "delacktime" => self.reconfigure(|config| {
                config.delayed_ack = Some(span).filter(|span| !span.is_zero());
            }),
            _ => return false,
        }
        true
    }

    fn set_linux_variable(&mut self, name: &str, value: &str) -> bool {
        let Ok(number) = value.parse::<u32>() else { return false };
        let millis = Duration::from_millis(u64::from(number));
        let seconds = Duration::from_secs(u64::from(number));
        match name {
            "tcp_rto_max_ms" => self.reconfigure(|config| config.rto_max = millis),
            "tcp_rto_min_us" => {
                let span = Duration::from_micros(u64::from(number));
                self.reconfigure(|config| config.rto_min = span);
            }
            "tcp_fin_timeout" => {
                self.reconfigure(|config| config.habits.fin_wait_2 = Some(seconds));
            }
            "tcp_rfc1337" => {
                self.reconfigure(|config| config.time_wait_ignores_rst = number != 0);
            }
            "tcp_syn_linear_timeouts" => {
                self.reconfigure(|config| config.habits.linear_syns = number);
            }
            "tcp_keepalive_time" => self.reconfigure(|config| keep(config, |it| it.idle = seconds)),
            "tcp_keepalive_intvl" => {
                self.reconfigure(|config| keep(config, |it| it.interval = seconds));
            }
            "tcp_keepalive_probes" => {
                self.reconfigure(|config| keep(config, |it| it.probes = number));
            }
            _ => return false,
        }
        true
    }

    fn reconfigure(&mut self, change: impl Fn(&mut Config)) {
        change(&mut self.config);
        for endpoint in &mut self.endpoints {
            endpoint.connection.reconfigure(&change);
        }
    }
}
