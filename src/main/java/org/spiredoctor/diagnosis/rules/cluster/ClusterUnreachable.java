package org.spiredoctor.diagnosis.rules.cluster;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Observed;

/** The API server does not answer, or not to us. */
@AutoService(Rule.class)
public final class ClusterUnreachable implements Rule {
  /** Of an API server that cannot serve now. */
  private static final Pattern STATUS = Pattern.compile("(429|5\\d\\d) ");

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    if (!(cluster.evidence().snapshot().cluster() instanceof Observed.Unseen<String> unseen)) {
      return List.of(new Outcome.Passed());
    }
    if (unseen.reason() == Observed.Reason.NOT_ASKED) {
      return List.of(new Outcome.Unknown(unseen.asked() + ": " + unseen.why()));
    }
    return List.of(
        Finding.error(this, new Subject("Cluster", Optional.empty(), name(unseen)), Scope.CLUSTER)
            .seen(unseen.asked(), unseen.why())
            .remedy(remedy(unseen.asked(), unseen.why().toLowerCase(Locale.ROOT)))
            .remedy(
                new Remedy.Command(
                    "See which cluster is meant, and whether kubectl reaches it",
                    Kubectl.line("config get-contexts") + "; " + Kubectl.line("version")))
            .found("The cluster cannot be reached, so nothing of it was seen"));
  }

  /** Its address, where one is known. */
  private static String name(Observed.Unseen<String> unseen) {
    return unseen.asked().equals("cluster") ? "none" : unseen.asked();
  }

  private static Remedy remedy(String asked, String why) {
    if (says(why, "no kubeconfig", "no context '", "no current-context")) {
      return new Remedy.Advice(
          "Say which cluster: --kubeconfig FILE and --context NAME, or the variable KUBECONFIG");
    }
    // Who cannot read the kubeconfig has asked no API server.
    if (asked.equals("read the kubeconfig")) {
      return new Remedy.Advice("Fix the kubeconfig: " + kubeconfig(why));
    }
    Matcher status = STATUS.matcher(why);
    if (status.lookingAt()) {
      return new Remedy.Advice(
          "The API server answered " + status.group(1) + ": check again, or ask its administrator");
    }
    if (why.contains("is not a list")) {
      return new Remedy.Advice(
          "Correct the server's address in the kubeconfig, or log in at the proxy before it: what"
              + " answers there is not a Kubernetes API server");
    }
    if (why.startsWith("401") || why.contains("unauthorized")) {
      return new Remedy.Advice(
          "Log in again: the credentials in the kubeconfig are missing, wrong or expired");
    }
    if (says(why, "x509", "certificate", "certification path", "pkix", "ssl", "tls")) {
      return new Remedy.Advice(
          "Take a new kubeconfig from the cluster: its certificate authority or client"
              + " certificate does not fit, or the clock of this machine is wrong");
    }
    if (says(why, "no such host", "unknown host", "unresolved", "name or service")) {
      return new Remedy.Advice(
          "Correct the server's name in the kubeconfig, or the DNS of this machine (VPN)");
    }
    if (why.contains("refused")) {
      return new Remedy.Advice(
          "Start the cluster, or correct the port in the kubeconfig: nothing listens there");
    }
    return says(why, "no answer", "timed out", "timeout", "unreachable", "no route")
        ? new Remedy.Advice(
            "Look for what lies between: VPN, proxy, firewall, or a cluster that is down")
        : new Remedy.Advice(
            "Fix what is said above; if that is not enough, see what kubectl says to the same");
  }

  /** What to fix, by what is wrong. */
  private static String kubeconfig(String why) {
    if (why.contains("which does not exist")) {
      return "add what the context names, or choose another with --context";
    }
    if (why.contains("does not exist")) {
      return "this file is not there; correct its name, or create it";
    }
    if (why.contains("is a directory")) {
      return "name a file, not its directory";
    }
    if (why.contains("permission denied")) {
      return "let your user read this file";
    }
    return why.contains("is not valid yaml")
        ? "correct the YAML at the place that is named"
        : "correct what is named above";
  }

  private static boolean says(String why, String... words) {
    return List.of(words).stream().anyMatch(why::contains);
  }
}
