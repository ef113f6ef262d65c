using System.Text.Json;
using Microsoft.Data.Sqlite;
using Workbench.Data.Filters;
using Workbench.Data.Statistics;
using Workbench.Learning.Evaluation;

namespace Workbench.Web.Services.Rows;

/// <summary>What the rows of a version are in the tokens of one model.</summary>
/// <param name="Rows">Rows counted.</param>
/// <param name="Tokens">Their tokens.</param>
/// <param name="Trained">Those that training on answers would learn.</param>
/// <param name="WithSpecials">Rows whose texts spell out special tokens.</param>
/// <param name="Unreadable">Rows that template or tokenizer refuse.</param>
/// <param name="FirstProblem">Why the first of them is refused; null where none is.</param>
/// <param name="Lengths">Tokens in a row.</param>
/// <param name="TrainedLengths">Trained tokens in a row.</param>
public sealed record TokenStatistics(
    int Rows, long Tokens, long Trained, int WithSpecials, int Unreadable, string? FirstProblem, DistributionSummary? Lengths, DistributionSummary? TrainedLengths);

/// <summary>Rows that a longest length cuts.</summary>
/// <param name="Rows">How many.</param>
/// <param name="Lost">Tokens beyond it.</param>
public readonly record struct Truncation(int Rows, long Lost);

/// <summary>The tokens of every row of a version as one model counts them: a SQLite file that can be made again at any time.</summary>
public sealed class TokenIndex(string path)
{
    private const int RowsAtOnce = 512;

    /// <summary>Figures of it that rows can be asked by (<see cref="RowQuery"/>).</summary>
    public static IReadOnlyList<string> Figures { get; } = ["tokens", "trained_tokens", "special_tokens"];

    /// <summary>The file.</summary>
    public string Path => path;

    /// <summary>Whether the file is there, and whole.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>Makes the file of the rows, on all cores.</summary>
    /// <param name="rows">All rows in their order.</param>
    /// <param name="counter">Template and tokenizer.</param>
    /// <param name="progress">Told the rows done, now and then.</param>
    /// <param name="cancellationToken">Stops between rows; nothing is left behind.</param>
    public void Build(IEnumerable<RowItem> rows, RowTokenCounter counter, Action<int> progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var working = path + ".tmp";
        File.Delete(working); // of a process that was killed
        try
        {
            Write(working, rows, counter, progress, cancellationToken);
            File.Move(working, path, overwrite: true);
        }
        catch
        {
            File.Delete(working);
            throw;
        }
    }

    /// <summary>Figures of all rows.</summary>
    public TokenStatistics Statistics()
    {
        using var connection = SqliteFile.Open(path, SqliteOpenMode.ReadOnly);
        using var command = SqliteFile.Command(connection, "SELECT statistics FROM about");
        return JsonSerializer.Deserialize<TokenStatistics>((string)command.ExecuteScalar()!)!;
    }

    /// <summary>What a longest length would cut off.</summary>
    public Truncation Truncated(int maxLength)
    {
        using var connection = SqliteFile.Open(path, SqliteOpenMode.ReadOnly);
        using var command = SqliteFile.Command(connection, "SELECT count(*), coalesce(sum(tokens - $max), 0) FROM tokens WHERE tokens > $max");
        command.Parameters.AddWithValue("$max", maxLength);
        using var reader = command.ExecuteReader();
        reader.Read();
        return new Truncation(reader.GetInt32(0), reader.GetInt64(1));
    }

    private static void Write(string path, IEnumerable<RowItem> rows, RowTokenCounter counter, Action<int> progress, CancellationToken cancellationToken)
    {
        using var connection = SqliteFile.Open(path, SqliteOpenMode.ReadWriteCreate);
        SqliteFile.Execute(connection, """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
            CREATE TABLE tokens (row INTEGER PRIMARY KEY, tokens INTEGER, trained_tokens INTEGER, special_tokens INTEGER);
            CREATE TABLE about (statistics TEXT);
            """);
        using var transaction = connection.BeginTransaction();
        using var insert = SqliteFile.Command(connection, "INSERT INTO tokens VALUES ($row, $tokens, $trained, $special)");
        var (lengths, trained) = (new Distribution(), new Distribution());
        var sums = new TokenStatistics(0, 0, 0, 0, 0, null, null, null);
        foreach (var batch in rows.Chunk(RowsAtOnce))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var counted = new RowTokens[batch.Length];
            Parallel.For(0, batch.Length, i => counted[i] = counter.Count(batch[i].Row));
            for (var i = 0; i < batch.Length; i++)
            {
                var row = counted[i];
                SqliteFile.Run(insert, ("$row", batch[i].Number - 1), ("$tokens", row.Tokens), ("$trained", row.Trained), ("$special", row.Specials));
                sums = sums with
                {
                    Rows = sums.Rows + 1, Tokens = sums.Tokens + row.Tokens, Trained = sums.Trained + row.Trained, WithSpecials = sums.WithSpecials + (row.Specials > 0 ? 1 : 0),
                    Unreadable = sums.Unreadable + (row.Problem is null ? 0 : 1), FirstProblem = sums.FirstProblem ?? row.Problem,
                };
                if (row.Problem is null)
                {
                    lengths.Add(row.Tokens);
                    trained.Add(row.Trained);
                }
            }

            progress(sums.Rows);
        }

        using var about = SqliteFile.Command(connection, "INSERT INTO about VALUES ($statistics)");
        SqliteFile.Run(about, ("$statistics", JsonSerializer.Serialize(sums with { Lengths = lengths.Summarize(), TrainedLengths = trained.Summarize() })));
        SqliteFile.Execute(connection, "CREATE INDEX tokens_tokens ON tokens (tokens)");
        transaction.Commit();
    }
}
