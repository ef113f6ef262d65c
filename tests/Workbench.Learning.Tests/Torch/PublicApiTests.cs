using TorchSharp;

namespace Workbench.Learning.Tests.Torch;

/// <summary>
/// The binding's public surface, member by member, against PublicApi.txt: what Learning may rely on, in TorchSharp's own names
/// and signatures. A wanted change is made in both: the failing test leaves the new text beside the old one.
/// </summary>
public class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_one_on_record()
    {
        var folder = Path.Combine(Shared.Root, "tests", "Workbench.Learning.Tests", "Torch");
        var recorded = File.ReadAllLines(Path.Combine(folder, "PublicApi.txt"));
        var actual = typeof(torch).Assembly.GetExportedTypes().SelectMany(ApiText.Lines).Order(StringComparer.Ordinal).ToArray();
        if (actual.SequenceEqual(recorded))
        {
            return;
        }

        var received = Path.Combine(AppContext.BaseDirectory, "PublicApi.received.txt");
        File.WriteAllLines(received, actual);
        var gone = recorded.Except(actual).Select(line => "- " + line);
        var come = actual.Except(recorded).Select(line => "+ " + line);
        Assert.Fail($"PublicApi.txt is out of date; {received} holds the new text. The lines that differ:\n"
            + string.Join('\n', gone.Concat(come)));
    }
}
