package org.spiredoctor.diagnosis.rules.cluster;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.spiredoctor.diagnosis.ClusterCase;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Outcome;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.Scope;
import org.spiredoctor.diagnosis.Subject;
import org.spiredoctor.evidence.cluster.Observed;

/** The API server does not answer, or not to us. */
@AutoService(Rule.class)
public final class ClusterUnreachable implements Rule {

  @Override
  public List<Outcome> examine(ClusterCase cluster) {
    if (!(cluster.evidence().snapshot().cluster() instanceof Observed.Unseen<String> unseen)) {
      return List.of(new Outcome.Passed());
    }
    if (unseen.reason() == Observed.Reason.NOT_ASKED) {
      return List.of(new Outcome.Unknown(unseen.asked() + ": " + unseen.why()));
    }
    return List.of(
        Finding.error(this, new Subject("Cluster", Optional.empty(), unseen.asked()), Scope.CLUSTER)
            .seen(unseen.asked(), unseen.why())
            .remedy(remedy(unseen.why().toLowerCase(Locale.ROOT)))
            .remedy(
                new Remedy.Command(
                    "See which cluster is meant, and whether kubectl reaches it",
                    "kubectl config get-contexts; kubectl version"))
            .found("The cluster cannot be reached, so nothing of it was seen"));
  }

  private static Remedy remedy(String why) {
    if (why.contains("kubeconfig") || why.contains("cannot be read") || why.contains("context")) {
      return new Remedy.Advice(
          "Say which cluster: --kubeconfig FILE and --context NAME, or the variable KUBECONFIG");
    }
    if (why.startsWith("401") || why.contains("unauthorized")) {
      return new Remedy.Advice(
          "Log in again: the credentials in the kubeconfig are missing, wrong or expired");
    }
    if (says(why, "x509", "certificate", "certification path", "pkix", "ssl", "tls")) {
      return new Remedy.Advice(
          "Take the kubeconfig anew from the cluster: its certificate authority or client"
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
        : new Remedy.Advice("Mend what the API server says");
  }

  private static boolean says(String why, String... words) {
    return List.of(words).stream().anyMatch(why::contains);
  }
}
