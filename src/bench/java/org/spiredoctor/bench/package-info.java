/**
 * Compares {@code spire-doctor wait} with what else pods use to wait for a Workload API. Not a part
 * of the program: it is compiled with the tests, uses nothing but the JDK, and starts what it
 * compares as processes of their own.
 */
@NullMarked
package org.spiredoctor.bench;

import org.jspecify.annotations.NullMarked;
