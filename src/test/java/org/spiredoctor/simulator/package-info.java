/** An agent that can do every fault that a Workload API can show. It is test code, but runnable. */
@NullMarked
package org.spiredoctor.simulator;

import org.jspecify.annotations.NullMarked;
