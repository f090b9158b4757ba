package org.spiredoctor.spire.server;

import java.util.List;
import java.util.Optional;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;

/**
 * A SPIRE server: what it is asked and what it is told to change, whichever way leads to it. Lists
 * are read item by item, and equal selectors and ids are held once: there may be a million entries.
 * It may be used by several threads.
 */
public interface SpireServer extends AutoCloseable {

  /**
   * How much a way to a server takes at once.
   *
   * @param batch how many entries are sent in one change
   * @param batchesAtOnce how many batches of new entries may be without an answer at a time
   * @param single up to so many entries are read one by one; more are listed with all others
   */
  record Capacity(int batch, int batchesAtOnce, int single) {}

  /** How much it takes at once. */
  Capacity capacity();

  /** All entries. */
  List<Entry> entries() throws ServerException;

  /** The entry of an id, as it is now; nothing when there is none. */
  Optional<Entry> entry(String id) throws ServerException;

  /** All agents that have attested. */
  List<Agent> agents() throws ServerException;

  /** The bundle of its own trust domain. */
  TrustBundle bundle() throws ServerException;

  /** The bundles that it has of other trust domains. */
  List<TrustBundle> federatedBundles() throws ServerException;

  /** Where it fetches these from; from its configuration too, if it is so new that it tells. */
  List<FederationRelationship> federationRelationships() throws ServerException;

  /** Its health, in its own words. */
  String health() throws ServerException;

  /** Its release, in its own words. */
  String version() throws ServerException;

  /** What it tells of itself. */
  ServerInfo info() throws ServerException;

  /** Creates entries; what came of each, in order. */
  List<EntryResult> create(List<Entry> entries) throws ServerException;

  /** Updates entries, whatever they are by now; what came of each, in order. */
  List<EntryResult> update(List<EntryUpdate> updates) throws ServerException;

  /** Deletes the entries of these ids; what came of each, in order. */
  List<EntryResult> delete(List<String> ids) throws ServerException;

  @Override
  void close();
}
