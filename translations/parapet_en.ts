<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Revocation</name>
    <message numerus="yes">
        <source>And %n more.</source>
        <translation>
            <numerusform>And %n more.</numerusform>
            <numerusform>And %n more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Verify</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It does not hold: %n statement(s) fail.</source>
        <translation>
            <numerusform>It does not hold: %n statement fails.</numerusform>
            <numerusform>It does not hold: %n statements fail.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>fleet</name>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>formats</name>
    <message numerus="yes">
        <source>%Ln time(s) go back; the first is on line %1. They are shown as standing still.</source>
        <translation>
            <numerusform>%Ln time goes back, on line %1. It is shown as standing still.</numerusform>
            <numerusform>%Ln times go back; the first is on line %1. They are shown as standing still.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s) of an unknown kind were passed over.</source>
        <translation>
            <numerusform>%Ln event of an unknown kind was passed over.</numerusform>
            <numerusform>%Ln events of an unknown kind were passed over.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln change(s) of size out of bounds were passed over.</source>
        <translation>
            <numerusform>%Ln change of size out of bounds was passed over.</numerusform>
            <numerusform>%Ln changes of size out of bounds were passed over.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>needs</name>
    <message numerus="yes">
        <source>workspace(s) silent: the host does not report</source>
        <translation>
            <numerusform>workspace is silent: its host does not report</numerusform>
            <numerusform>workspaces are silent: their host does not report</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>running workspace(s) with an unsigned image</source>
        <translation>
            <numerusform>running workspace has an unsigned image</numerusform>
            <numerusform>running workspaces have an unsigned image</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>workspace(s) cut from the network</source>
        <translation>
            <numerusform>workspace is cut from the network</numerusform>
            <numerusform>workspaces are cut from the network</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>workspace(s) on an image older than 60 days</source>
        <translation>
            <numerusform>workspace runs on an image older than 60 days</numerusform>
            <numerusform>workspaces run on an image older than 60 days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::console::Console</name>
    <message numerus="yes">
        <source>%Ln operation(s) did not end</source>
        <translation>
            <numerusform>%Ln operation did not end</numerusform>
            <numerusform>%Ln operations did not end</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::kit::ProofPath</name>
    <message numerus="yes">
        <source>%Ln hash(es) lead from the leaf to the signed root.</source>
        <translation>
            <numerusform>%Ln hash leads from the leaf to the signed root.</numerusform>
            <numerusform>%Ln hashes lead from the leaf to the signed root.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln level(s) recomputed, all hold</source>
        <translation>
            <numerusform>%Ln level recomputed, it holds</numerusform>
            <numerusform>%Ln levels recomputed, all hold</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln level(s) recomputed, none match</source>
        <translation>
            <numerusform>%Ln level recomputed, it does not match</numerusform>
            <numerusform>%Ln levels recomputed, none match</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::kit::TimeBrush</name>
    <message numerus="yes">
        <source>%Ln event(s)</source>
        <translation>
            <numerusform>%Ln event</numerusform>
            <numerusform>%Ln events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::kit::Toast</name>
    <message numerus="yes">
        <source>%1 (%n times)</source>
        <translation>
            <numerusform>%1</numerusform>
            <numerusform>%1 (%n times)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::pages::AuditPage</name>
    <message numerus="yes">
        <source>%Ln event(s) exist.</source>
        <translation>
            <numerusform>%Ln event exists.</numerusform>
            <numerusform>%Ln events exist.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln event(s)</source>
        <translation>
            <numerusform>%Ln event</numerusform>
            <numerusform>%Ln events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::pages::ConnectionList</name>
    <message numerus="yes">
        <source>latency of the last %Ln call(s)</source>
        <translation>
            <numerusform>latency of the last call</numerusform>
            <numerusform>latency of the last %Ln calls</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::pages::EventPane</name>
    <message numerus="yes">
        <source>%Ln hash(es), tree size</source>
        <translation>
            <numerusform>%Ln hash, tree size</numerusform>
            <numerusform>%Ln hashes, tree size</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::pages::LogBanner</name>
    <message numerus="yes">
        <source>%Ln gap(s)</source>
        <translation>
            <numerusform>%Ln gap</numerusform>
            <numerusform>%Ln gaps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %Ln source(s)</source>
        <translation>
            <numerusform>in %Ln source</numerusform>
            <numerusform>in %Ln sources</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln other event(s) do not verify either.</source>
        <translation>
            <numerusform>%Ln other event does not verify either.</numerusform>
            <numerusform>%Ln other events do not verify either.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::pages::OperationsPage</name>
    <message numerus="yes">
        <source>%Ln operation(s) are kept.</source>
        <translation>
            <numerusform>%Ln operation is kept.</numerusform>
            <numerusform>%Ln operations are kept.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::pages::OverviewPage</name>
    <message numerus="yes">
        <source>need(s) a human</source>
        <translation>
            <numerusform>needs a human</numerusform>
            <numerusform>need a human</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 workspace(s)</source>
        <translation>
            <numerusform>%1 workspace</numerusform>
            <numerusform>%1 workspaces</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 event(s)</source>
        <translation>
            <numerusform>%1 event</numerusform>
            <numerusform>%1 events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::pages::WitnessSheet</name>
    <message numerus="yes">
        <source>%n witness(es) will be pinned.</source>
        <translation>
            <numerusform>%n witness will be pinned.</numerusform>
            <numerusform>%n witnesses will be pinned.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::pages::WorkspacesPage</name>
    <message numerus="yes">
        <source>%1 match(es)</source>
        <translation>
            <numerusform>%1 matches</numerusform>
            <numerusform>%1 match</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 workspace(s) exist.</source>
        <translation>
            <numerusform>%1 workspace exists.</numerusform>
            <numerusform>%1 workspaces exist.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Exporting: %1 of %2 row(s)</source>
        <translation>
            <numerusform>Exporting: %1 of %2 row</numerusform>
            <numerusform>Exporting: %1 of %2 rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 row(s) are in %2.</source>
        <translation>
            <numerusform>%1 row is in %2.</numerusform>
            <numerusform>%1 rows are in %2.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 workspace(s)</source>
        <translation>
            <numerusform>%1 workspace</numerusform>
            <numerusform>%1 workspaces</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::shell::CommandProvider</name>
    <message numerus="yes">
        <source>Commands on %n objects</source>
        <translation>
            <numerusform>Commands on %n object</numerusform>
            <numerusform>Commands on %n objects</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::shell::Palette</name>
    <message numerus="yes">
        <source>%n commands</source>
        <translation>
            <numerusform>%n command</numerusform>
            <numerusform>%n commands</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::ui::CertificateBar</name>
    <message numerus="yes">
        <source>All %Ln statement(s) hold. Signed %1.</source>
        <translation>
            <numerusform>The one statement holds. Signed %1.</numerusform>
            <numerusform>All %Ln statements hold. Signed %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It will be signed when all %Ln probe(s) hold.</source>
        <translation>
            <numerusform>It will be signed when its one probe holds.</numerusform>
            <numerusform>It will be signed when all %Ln probes hold.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %Ln statement(s) hold; signed when all do.</source>
        <translation>
            <numerusform>%1 of %Ln statement holds; signed when it does.</numerusform>
            <numerusform>%1 of %Ln statements hold; signed when all do.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::ui::OperationSheet</name>
    <message numerus="yes">
        <source>%Ln step(s)</source>
        <translation>
            <numerusform>%Ln step</numerusform>
            <numerusform>%Ln steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln workspace(s)</source>
        <translation>
            <numerusform>%Ln workspace</numerusform>
            <numerusform>%Ln workspaces</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln step(s), evidence first</source>
        <translation>
            <numerusform>%Ln step, evidence first</numerusform>
            <numerusform>%Ln steps, evidence first</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln probe(s)</source>
        <translation>
            <numerusform>%Ln probe</numerusform>
            <numerusform>%Ln probes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>by %Ln observer(s)</source>
        <translation>
            <numerusform>by %Ln observer</numerusform>
            <numerusform>by %Ln observers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hold(s)</source>
        <translation>
            <numerusform>%Ln holds</numerusform>
            <numerusform>%Ln hold</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln do(es) not hold</source>
        <translation>
            <numerusform>%Ln does not hold</numerusform>
            <numerusform>%Ln do not hold</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::ui::StepModel</name>
    <message numerus="yes">
        <source>%Ln step(s) side by side</source>
        <translation>
            <numerusform>%Ln step side by side</numerusform>
            <numerusform>%Ln steps side by side</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln workspace(s)</source>
        <translation>
            <numerusform>%Ln workspace</numerusform>
            <numerusform>%Ln workspaces</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>parapet::ui::SurvivorBar</name>
    <message numerus="yes">
        <source> and %n more</source>
        <translation>
            <numerusform> and %n more</numerusform>
            <numerusform> and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>runs</name>
    <message numerus="yes">
        <source>%Ln step(s) failed and wait for a decision.</source>
        <translation>
            <numerusform>%Ln step failed and waits for a decision.</numerusform>
            <numerusform>%Ln steps failed and wait for a decision.</numerusform>
        </translation>
    </message>
</context>
</TS>
