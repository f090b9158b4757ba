package org.spiredoctor.diagnosis.rules;

import java.util.HashSet;
import java.util.Set;
import org.spiredoctor.diagnosis.Rule;
import org.spiredoctor.diagnosis.rules.agent.AgentBanned;
import org.spiredoctor.diagnosis.rules.agent.AgentConfigInvalid;
import org.spiredoctor.diagnosis.rules.agent.AgentExpired;
import org.spiredoctor.diagnosis.rules.agent.AgentIdentityShared;
import org.spiredoctor.diagnosis.rules.agent.AgentJoinTokenInvalid;
import org.spiredoctor.diagnosis.rules.agent.AgentNotAttested;
import org.spiredoctor.diagnosis.rules.agent.AgentNotFound;
import org.spiredoctor.diagnosis.rules.agent.AgentNotOnNode;
import org.spiredoctor.diagnosis.rules.agent.AgentNotReady;
import org.spiredoctor.diagnosis.rules.agent.AgentPsatRejected;
import org.spiredoctor.diagnosis.rules.agent.AgentServerUnreachable;
import org.spiredoctor.diagnosis.rules.agent.AgentSocketContested;
import org.spiredoctor.diagnosis.rules.agent.AgentSocketDirectoryUnsupported;
import org.spiredoctor.diagnosis.rules.agent.AgentSocketNotShared;
import org.spiredoctor.diagnosis.rules.agent.AgentTrustBundleMismatch;
import org.spiredoctor.diagnosis.rules.attestation.AgentWithoutHostPid;
import org.spiredoctor.diagnosis.rules.attestation.AttestorK8sFailed;
import org.spiredoctor.diagnosis.rules.attestation.AttestorK8sMissing;
import org.spiredoctor.diagnosis.rules.attestation.CgroupAmbiguous;
import org.spiredoctor.diagnosis.rules.attestation.CgroupUnknownLayout;
import org.spiredoctor.diagnosis.rules.attestation.CgroupV2Unsupported;
import org.spiredoctor.diagnosis.rules.attestation.KubeletCertificateInvalid;
import org.spiredoctor.diagnosis.rules.attestation.KubeletForbidden;
import org.spiredoctor.diagnosis.rules.attestation.KubeletUnreachable;
import org.spiredoctor.diagnosis.rules.entry.EntryContainerScoped;
import org.spiredoctor.diagnosis.rules.entry.EntryExpired;
import org.spiredoctor.diagnosis.rules.entry.EntryImageCountChanged;
import org.spiredoctor.diagnosis.rules.entry.EntryImageTagAmbiguous;
import org.spiredoctor.diagnosis.rules.entry.EntryMissing;
import org.spiredoctor.diagnosis.rules.entry.EntryNotServed;
import org.spiredoctor.diagnosis.rules.entry.EntryOwnedByController;
import org.spiredoctor.diagnosis.rules.entry.EntryParentAliasMissing;
import org.spiredoctor.diagnosis.rules.entry.EntryParentUnknown;
import org.spiredoctor.diagnosis.rules.entry.EntrySelectorMismatch;
import org.spiredoctor.diagnosis.rules.entry.EntryTrustDomainForeign;
import org.spiredoctor.diagnosis.rules.pod.PodSocketNotMounted;
import org.spiredoctor.diagnosis.rules.pod.PodSocketPathMismatch;
import org.spiredoctor.diagnosis.rules.server.PortTaken;
import org.spiredoctor.diagnosis.rules.server.ServerBundleNotPublished;
import org.spiredoctor.diagnosis.rules.server.ServerBundleUnusable;
import org.spiredoctor.diagnosis.rules.server.ServerCaNotRenewed;
import org.spiredoctor.diagnosis.rules.server.ServerConfigInvalid;
import org.spiredoctor.diagnosis.rules.server.ServerDataLost;
import org.spiredoctor.diagnosis.rules.server.ServerDatastoreFailed;
import org.spiredoctor.diagnosis.rules.server.ServerDatastoreNotShared;
import org.spiredoctor.diagnosis.rules.server.ServerNotFound;
import org.spiredoctor.diagnosis.rules.server.ServerNotReady;
import org.spiredoctor.diagnosis.rules.server.ServerServiceBroken;
import org.spiredoctor.diagnosis.rules.socket.SocketAddressInvalid;
import org.spiredoctor.diagnosis.rules.socket.SocketNotConfigured;
import org.spiredoctor.diagnosis.rules.socket.SocketTakenByIstio;
import org.spiredoctor.diagnosis.rules.svid.ClockSkew;
import org.spiredoctor.diagnosis.rules.svid.SvidExpired;
import org.spiredoctor.diagnosis.rules.svid.TrustDomainMismatch;

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
          EntryOwnedByController.class,
          EntryParentAliasMissing.class,
          EntryParentUnknown.class,
          EntrySelectorMismatch.class,
          EntryTrustDomainForeign.class,
          ServerDatastoreNotShared.class);

  /** The pod does not reach the socket. */
  public static final Set<Class<? extends Rule>> SOCKETS =
      Set.of(
          AgentSocketContested.class,
          AgentSocketNotShared.class,
          PodSocketNotMounted.class,
          PodSocketPathMismatch.class,
          SocketTakenByIstio.class,
          SocketAddressInvalid.class,
          SocketNotConfigured.class);

  /** An agent cannot attest. */
  public static final Set<Class<? extends Rule>> REFUSED_AGENTS =
      Set.of(
          AgentConfigInvalid.class,
          AgentIdentityShared.class,
          AgentJoinTokenInvalid.class,
          AgentPsatRejected.class,
          AgentServerUnreachable.class,
          AgentTrustBundleMismatch.class,
          ClockSkew.class,
          ServerBundleUnusable.class,
          ServerCaNotRenewed.class,
          ServerDataLost.class,
          ServerDatastoreNotShared.class,
          ServerNotReady.class,
          ServerServiceBroken.class,
          SvidExpired.class,
          TrustDomainMismatch.class);

  /** No agent is there to serve the pod. */
  public static final Set<Class<? extends Rule>> ABSENT_AGENTS =
      Set.of(
          AgentBanned.class,
          AgentConfigInvalid.class,
          AgentExpired.class,
          AgentIdentityShared.class,
          AgentJoinTokenInvalid.class,
          AgentNotAttested.class,
          AgentNotFound.class,
          AgentNotOnNode.class,
          AgentNotReady.class,
          AgentPsatRejected.class,
          AgentSocketDirectoryUnsupported.class,
          AgentServerUnreachable.class,
          AgentTrustBundleMismatch.class,
          PortTaken.class,
          ServerBundleNotPublished.class,
          ServerBundleUnusable.class,
          ServerCaNotRenewed.class,
          ServerConfigInvalid.class,
          ServerDataLost.class,
          ServerDatastoreFailed.class,
          ServerDatastoreNotShared.class,
          ServerNotFound.class,
          ServerNotReady.class,
          ServerServiceBroken.class,
          TrustDomainMismatch.class);

  /** The agent does not serve the pod. */
  public static final Set<Class<? extends Rule>> AGENTS =
      join(
          ABSENT_AGENTS,
          Set.of(
              AgentWithoutHostPid.class,
              AttestorK8sFailed.class,
              AttestorK8sMissing.class,
              CgroupAmbiguous.class,
              CgroupUnknownLayout.class,
              CgroupV2Unsupported.class,
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
