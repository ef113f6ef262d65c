using System.Text.Json;
using Workbench.Data.Filters;
using Workbench.Data.Formats;
using Workbench.Data.Rewards.Candidates;
using Workbench.Web.Services.Rows;

namespace Workbench.Web.Services.Candidates;

/// <summary>The candidates of datasets on disk: what was asked, every answer as it came, and the answers with their scores.</summary>
public sealed class CandidateStore(DataFolder folder)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Where answers are kept as they come, those of earlier requests too.</summary>
    public string LedgerOf(string datasetId) => Path.Combine(folder.CandidatesOf(datasetId), "answers.jsonl");

    private string ScoredOf(string datasetId) => Path.Combine(folder.CandidatesOf(datasetId), "scored.jsonl");

    private string RequestOf(string datasetId) => Path.Combine(folder.CandidatesOf(datasetId), "request.json");

    /// <summary>What was asked last; null where nothing was.</summary>
    public CandidateRequest? Request(string datasetId) =>
        File.Exists(RequestOf(datasetId)) ? JsonSerializer.Deserialize<CandidateRequest>(File.ReadAllText(RequestOf(datasetId)), Json) : null;

    /// <summary>Begins a request: what was scored for the one before goes, its answers stay in the ledger.</summary>
    internal ScoredWriter Begin(string datasetId, CandidateRequest request)
    {
        Directory.CreateDirectory(folder.CandidatesOf(datasetId));
        var stream = new FileStream(ScoredOf(datasetId), FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete);
        File.WriteAllText(RequestOf(datasetId), JsonSerializer.Serialize(request, Json));
        return new ScoredWriter(stream);
    }

    /// <summary>Prompts with their scored answers, in the order of the rows, as far as they are there.</summary>
    public IEnumerable<CandidateSet> Read(string datasetId, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(ScoredOf(datasetId)))
        {
            return [];
        }

        // The last line may be half written, by a process that died or by one at work.
        var whole = Complete(ScoredOf(datasetId));
        return CandidateSet.Gather(CanonicalRows.Read(ScoredOf(datasetId), cancellationToken).Take(whole), (number, reason) => throw new RowFormatException($"row {number}: {reason}"));
    }

    private static int Complete(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[1 << 16];
        var lines = 0;
        while (stream.Read(buffer) is > 0 and var read)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return lines;
    }
}

/// <summary>Writes prompts with their scored answers, each at once.</summary>
internal sealed class ScoredWriter(FileStream stream) : IDisposable
{
    public void Add(CandidateSet set)
    {
        stream.Write([.. RowJson.Bytes(CandidateScoring.ToRow(set).Json), (byte)'\n']);
        stream.Flush();
    }

    public void Dispose() => stream.Dispose();
}
