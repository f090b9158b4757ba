package org.spiredoctor.register;

/** How a registration ended. */
public enum RegistrationEnd {
  /** The entries are as declared. */
  DONE,

  /** There is something to change, and it was only to be shown. */
  CHANGES,

  /** Not everything could be made true. */
  PROBLEMS,

  /** No SPIRE server could be queried for entries and agents. */
  UNKNOWN
}
