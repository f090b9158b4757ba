package org.spiredoctor.diagnosis.rules.agent;

import java.util.List;
import org.spiredoctor.diagnosis.Finding.Quote;
import org.spiredoctor.diagnosis.Kubectl;
import org.spiredoctor.diagnosis.Remedy;

/** No reason is to be seen. */
record Unexplained(String what) implements Absence {
  @Override
  public String inWords(NodePods which) {
    return "";
  }

  @Override
  public List<Quote> quotes(NodePods which) {
    return List.of(new Quote("Kubernetes", what));
  }

  @Override
  public List<Remedy> remedies(NodePods which, String node) {
    return look(which);
  }

  static List<Remedy> look(NodePods which) {
    return which
        .owner()
        .<List<Remedy>>map(
            owner ->
                List.of(
                    new Remedy.Command(
                        "See in its events why it creates no pod for the node",
                        Kubectl.describe(owner.kind(), owner.meta()))))
        .orElse(
            List.of(
                new Remedy.Advice(
                    "Run " + which.name() + " as a DaemonSet, so that every node has one")));
  }
}
