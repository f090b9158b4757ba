package org.spiredoctor.diagnosis.rules.agent;

import java.util.List;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.Component;

/** Kubernetes refuses to make its pod. */
record Refused(String message) implements Absence {
  @Override
  public String inWords() {
    return ": Kubernetes refuses to make its pod";
  }

  @Override
  public List<Quote> quotes() {
    return List.of(new Quote("event of the DaemonSet", message));
  }

  @Override
  public Confidence confidence() {
    return Confidence.LIKELY;
  }

  @Override
  public List<Remedy> remedies(Component agents, String node) {
    return message.contains("PodSecurity")
        ? List.of(
            new Remedy.Command(
                "Allow the agents' namespace what they need: hostPath and hostPID",
                Kubectl.command(
                    "label",
                    "namespace",
                    "--overwrite",
                    agents.namespace(),
                    "pod-security.kubernetes.io/enforce=privileged")))
        : Unexplained.look(agents);
  }
}
