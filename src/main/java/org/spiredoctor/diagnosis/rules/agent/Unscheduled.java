package org.spiredoctor.diagnosis.rules.agent;

import java.util.List;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;

/** Its pod was made and finds no place. */
record Unscheduled(String message) implements Absence {
  @Override
  public String inWords(NodePods which) {
    return ": its pod is not scheduled";
  }

  @Override
  public List<Quote> quotes(NodePods which) {
    return List.of(new Quote("scheduler", message));
  }

  @Override
  public Confidence confidence() {
    return Confidence.LIKELY;
  }

  @Override
  public List<Remedy> remedies(NodePods which, String node) {
    return List.of(
        new Remedy.Command(
            "See what the node has left, and give "
                + which.name()
                + " a priorityClassName such as system-node-critical, or smaller requests",
            Kubectl.command("describe", "node", node)));
  }
}
