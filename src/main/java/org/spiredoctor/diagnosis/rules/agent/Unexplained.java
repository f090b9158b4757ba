package org.spiredoctor.diagnosis.rules.agent;

import java.util.List;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.evidence.cluster.Component;

/** No reason is to be seen. */
record Unexplained(String what) implements Absence {
  @Override
  public String inWords() {
    return "";
  }

  @Override
  public List<Quote> quotes() {
    return List.of(new Quote("Kubernetes", what));
  }

  @Override
  public List<Remedy> remedies(Component agents, String node) {
    return look(agents);
  }

  static List<Remedy> look(Component agents) {
    return agents
        .owner()
        .<List<Remedy>>map(
            owner ->
                List.of(
                    new Remedy.Command(
                        "See in its events why it makes no pod for the node",
                        Kubectl.describe(owner.kind(), owner.meta()))))
        .orElse(
            List.of(
                new Remedy.Advice("Run the agents as a DaemonSet, so that every node has one")));
  }
}
