package org.spiredoctor.diagnosis.rules.agent;

import java.util.List;
import org.spiredoctor.diagnosis.Finding.Confidence;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.Component;

/** Its pod was made and finds no place. */
record Unscheduled(String message) implements Absence {
  @Override
  public String inWords() {
    return ": its pod is not scheduled";
  }

  @Override
  public List<Quote> quotes() {
    return List.of(new Quote("scheduler", message));
  }

  @Override
  public Confidence confidence() {
    return Confidence.LIKELY;
  }

  @Override
  public List<Remedy> remedies(Component agents, String node) {
    return List.of(
        new Remedy.Command(
            "See what the node has left, and give the agents a priorityClassName such as"
                + " system-node-critical, or smaller requests",
            Kubectl.command("describe", "node", node)));
  }
}
