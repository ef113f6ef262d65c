using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Workbench.Data.Formats;
using Workbench.Data.Statistics;

namespace Workbench.Web.Services.Rows;

/// <summary>
/// What is known of every row of a version: a SQLite file with a table of figures, the full text (FTS5) and the statistics of all. It
/// holds nothing that the rows do not say, so it can be made again at any time.
/// </summary>
public sealed class RowIndex(string path)
{
    private const int Format = 1;

    /// <summary>Whether the file is there, and whole: it gets its name when it is.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>Makes the file of the rows.</summary>
    /// <param name="rows">All rows in their order.</param>
    /// <param name="progress">Told the rows done, now and then.</param>
    /// <param name="cancellationToken">Stops between rows; nothing is left behind.</param>
    public void Build(IEnumerable<Row> rows, Action<int> progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var working = path + ".tmp";
        File.Delete(working); // of a process that was killed
        try
        {
            Write(working, rows, progress, cancellationToken);
            File.Move(working, path, overwrite: true);
        }
        catch
        {
            File.Delete(working);
            throw;
        }
    }

    private static void Write(string path, IEnumerable<Row> rows, Action<int> progress, CancellationToken cancellationToken)
    {
        using var connection = SqliteFile.Open(path, SqliteOpenMode.ReadWriteCreate);
        // Nobody else reads it yet, and after a crash it is made again. Words are found by their beginning: those of one or two letters, which most rows
        // have, need lists of their own to be found at once.
        SqliteFile.Execute(connection, """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -64000;
            CREATE TABLE facts (row INTEGER PRIMARY KEY, chars INTEGER, answer_chars INTEGER, turns INTEGER, language TEXT, duplicate INTEGER, empty_answer INTEGER, label INTEGER, roles TEXT);
            CREATE VIRTUAL TABLE words USING fts5(text, content='', prefix='1 2', tokenize='unicode61 remove_diacritics 2');
            CREATE TABLE about (format INTEGER, statistics TEXT);
            """);
        using var transaction = connection.BeginTransaction();
        using var fact = SqliteFile.Command(connection, "INSERT INTO facts VALUES ($row, $chars, $answer, $turns, $language, $duplicate, $empty, $label, $roles)");
        using var text = SqliteFile.Command(connection, "INSERT INTO words (rowid, text) VALUES ($row, $text)");
        var seen = new HashSet<UInt128>();
        var number = 0;
        var statistics = StatisticsBuilder.Of(rows, new StatisticsOptions(), row =>
        {
            SqliteFile.Run(fact, ("$row", number), ("$chars", row.Chars), ("$answer", row.AnswerChars), ("$turns", row.Turns), ("$language", row.Language),
                ("$duplicate", seen.Add(row.Key) ? 0 : 1), ("$empty", row.EmptyAnswer ? 1 : 0), ("$label", row.Label is { } label ? label ? 1 : 0 : DBNull.Value),
                ("$roles", $" {string.Join(' ', row.Roles.Distinct())} "));
            SqliteFile.Run(text, ("$row", number), ("$text", SearchWords.ToIndex(row.Text)));
            if (++number % 512 == 0)
            {
                progress(number);
            }
        }, cancellationToken);
        using var about = SqliteFile.Command(connection, "INSERT INTO about VALUES ($format, $statistics)");
        SqliteFile.Run(about, ("$format", Format), ("$statistics", JsonSerializer.Serialize(statistics)));
        foreach (var column in (string[])["chars", "answer_chars", "turns", "language"])
        {
            SqliteFile.Execute(connection, $"CREATE INDEX facts_{column} ON facts ({column})");
        }

        transaction.Commit();
    }

    /// <summary>Figures of all rows.</summary>
    public DatasetStatistics Statistics()
    {
        using var connection = SqliteFile.Open(path, SqliteOpenMode.ReadOnly);
        using var command = SqliteFile.Command(connection, "SELECT statistics FROM about");
        return JsonSerializer.Deserialize<DatasetStatistics>((string)command.ExecuteScalar()!)!;
    }

    /// <summary>The rows that a query means.</summary>
    /// <param name="query">What to look for.</param>
    /// <param name="skip">Matches before the page.</param>
    /// <param name="take">Matches in the page.</param>
    /// <param name="tokens">Where the rows' tokens are counted, for a query by them.</param>
    public RowMatches Find(RowQuery query, int skip, int take, TokenIndex? tokens = null)
    {
        using var connection = SqliteFile.Open(path, SqliteOpenMode.ReadOnly);
        if (tokens is not null)
        {
            using var attach = SqliteFile.Command(connection, "ATTACH $path AS counted");
            SqliteFile.Run(attach, ("$path", tokens.Path));
        }

        var (from, row, where, values) = Where(query);
        using var count = SqliteFile.Command(connection, $"SELECT count(*) FROM {from} WHERE {where}");
        using var page = SqliteFile.Command(connection, $"SELECT {row} FROM {from} WHERE {where} ORDER BY {row} LIMIT $take OFFSET $skip");
        foreach (var (name, value) in values)
        {
            count.Parameters.AddWithValue(name, value);
            page.Parameters.AddWithValue(name, value);
        }

        page.Parameters.AddWithValue("$take", take);
        page.Parameters.AddWithValue("$skip", skip);
        var rows = new List<int>();
        using var reader = page.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(reader.GetInt32(0));
        }

        return new RowMatches(Convert.ToInt32(count.ExecuteScalar(), CultureInfo.InvariantCulture), rows);
    }

    /// <summary>
    /// What is read and what must hold. Words are read first and in the order of the rows, which is theirs: a page of a common word needs no list of all
    /// rows that have it.
    /// </summary>
    private static (string From, string Row, string Where, List<(string Name, object Value)> Values) Where(RowQuery query)
    {
        var words = SearchWords.ToQuery(query.Search);
        List<string> terms = [];
        List<(string, object)> values = [];
        void Add(string term, params (string, object)[] more)
        {
            terms.Add(term);
            values.AddRange(more);
        }

        if (words is not null)
        {
            Add("words MATCH $words", ("$words", words));
        }

        if (query.Figure is { } figure && RowQuery.Figures.Contains(figure))
        {
            Add($"{figure} >= $from AND {figure} < $to", ("$from", query.From), ("$to", query.To));
        }

        if (query.Figure is { } ofTokens && TokenIndex.Figures.Contains(ofTokens))
        {
            Add($"facts.row IN (SELECT row FROM counted.tokens WHERE {ofTokens} >= $from AND {ofTokens} < $to)", ("$from", query.From), ("$to", query.To));
        }

        if (query.Language is { } language)
        {
            Add("language = $language", ("$language", language));
        }

        if (query.Label is { } label)
        {
            Add("label = $label", ("$label", label ? 1 : 0));
        }

        if (query.Role is { } role)
        {
            Add("instr(roles, $role) > 0", ("$role", $" {role} "));
        }

        if (query.Duplicates)
        {
            Add("duplicate = 1");
        }

        if (query.EmptyAnswers)
        {
            Add("empty_answer = 1");
        }

        var where = terms.Count == 0 ? "1" : string.Join(" AND ", terms);
        return words is null ? ("facts", "facts.row", where, values)
            : terms.Count == 1 ? ("words", "words.rowid", where, values)
            : ("words CROSS JOIN facts ON facts.row = words.rowid", "words.rowid", where, values); // CROSS keeps the order: words first
    }
}
