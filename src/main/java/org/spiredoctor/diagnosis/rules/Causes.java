package org.spiredoctor.diagnosis.rules;

import java.util.HashSet;
import java.util.Set;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.attestation.AgentWithoutHostPid;
import org.spiredoctor.diagnosis.rules.attestation.AttestorK8sFailed;
import org.spiredoctor.diagnosis.rules.attestation.CgroupAmbiguous;
import org.spiredoctor.diagnosis.rules.attestation.CgroupUnknownLayout;
import org.spiredoctor.diagnosis.rules.attestation.KubeletCertificateInvalid;
import org.spiredoctor.diagnosis.rules.attestation.KubeletForbidden;
import org.spiredoctor.diagnosis.rules.attestation.KubeletUnreachable;
import org.spiredoctor.diagnosis.rules.entry.EntryContainerScoped;
import org.spiredoctor.diagnosis.rules.entry.EntryExpired;
import org.spiredoctor.diagnosis.rules.entry.EntryImageCountChanged;
import org.spiredoctor.diagnosis.rules.entry.EntryImageTagAmbiguous;
import org.spiredoctor.diagnosis.rules.entry.EntryMissing;
import org.spiredoctor.diagnosis.rules.entry.EntryNotServed;
import org.spiredoctor.diagnosis.rules.entry.EntryParentAliasMissing;
import org.spiredoctor.diagnosis.rules.entry.EntryParentUnknown;
import org.spiredoctor.diagnosis.rules.entry.EntrySelectorMismatch;
import org.spiredoctor.diagnosis.rules.entry.EntryTrustDomainForeign;
import org.spiredoctor.diagnosis.rules.pod.PodSocketNotMounted;
import org.spiredoctor.diagnosis.rules.pod.PodSocketPathMismatch;
import org.spiredoctor.diagnosis.rules.socket.SocketAddressInvalid;
import org.spiredoctor.diagnosis.rules.socket.SocketNotConfigured;

/** What keeps a pod from its identity, by where it lies. */
public final class Causes {
  /** No entry is served to the pod. */
  public static final Set<Class<? extends Rule>> ENTRIES =
      Set.of(
          EntryContainerScoped.class,
          EntryExpired.class,
          EntryImageCountChanged.class,
          EntryImageTagAmbiguous.class,
          EntryMissing.class,
          EntryNotServed.class,
          EntryParentAliasMissing.class,
          EntryParentUnknown.class,
          EntrySelectorMismatch.class,
          EntryTrustDomainForeign.class);

  /** The pod does not reach the socket. */
  public static final Set<Class<? extends Rule>> SOCKETS =
      Set.of(
          PodSocketNotMounted.class,
          PodSocketPathMismatch.class,
          SocketAddressInvalid.class,
          SocketNotConfigured.class);

  /** No agent is there to serve the pod. */
  public static final Set<Class<? extends Rule>> ABSENT_AGENTS = Set.of();

  /** The agent does not serve the pod. */
  public static final Set<Class<? extends Rule>> AGENTS =
      join(
          ABSENT_AGENTS,
          Set.of(
              AgentWithoutHostPid.class,
              AttestorK8sFailed.class,
              CgroupAmbiguous.class,
              CgroupUnknownLayout.class,
              KubeletCertificateInvalid.class,
              KubeletForbidden.class,
              KubeletUnreachable.class));

  private Causes() {}

  /** All of several. */
  @SafeVarargs
  public static Set<Class<? extends Rule>> join(Set<Class<? extends Rule>>... sets) {
    Set<Class<? extends Rule>> all = new HashSet<>();
    for (Set<Class<? extends Rule>> set : sets) {
      all.addAll(set);
    }
    return Set.copyOf(all);
  }
}
