using System.Globalization;
using System.Text;
using Workbench.Data.Formats;
using Workbench.Web.Components.Shared;
using Workbench.Web.Persistence.Entities;
using Workbench.Web.Services.Rows;

namespace Workbench.Web.Services.Import;

/// <summary>Takes lines that were kept aside back into a dataset, corrected by hand: as its next version, behind the rows that are there.</summary>
public sealed class RowRepair(DatasetRecipes versions, DatasetStore store, TimeProvider clock)
{
    /// <summary>A corrected line as the dataset would keep it.</summary>
    /// <param name="text">JSON of any known form.</param>
    /// <param name="shape">Of the dataset's rows.</param>
    /// <param name="line">Where it stood, for the message.</param>
    /// <exception cref="UserInputException">It is no row, or one of another shape.</exception>
    public static Row Parse(string text, RowShape shape, int line)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"line {line}");
        try
        {
            var row = RowParser.Parse(Encoding.UTF8.GetBytes(text));
            return row.Shape == shape ? row
                : throw new UserInputException($"The row is of shape {row.Shape.Word()}, the dataset's rows are {shape.Word()}.", "Give it the columns of the other rows.", place);
        }
        catch (RowFormatException exception)
        {
            throw new UserInputException(exception.Message, "Correct the line's JSON.", place, exception);
        }
    }

    /// <summary>Makes the next version: the rows of the newest one, then the corrected lines in their order.</summary>
    /// <param name="datasetId">The dataset.</param>
    /// <param name="corrected">New text by the line's number in the list of those kept aside.</param>
    /// <param name="cancellationToken">Stops between rows; nothing is left behind.</param>
    /// <exception cref="UserInputException">Nothing is corrected, or a text is no row.</exception>
    public Task<DatasetVersion> MakeAsync(string datasetId, IReadOnlyDictionary<int, string> corrected, CancellationToken cancellationToken = default) =>
        versions.AppendAsync(datasetId, null, (dataset, source, working) =>
        {
            if (corrected.Count == 0)
            {
                throw new UserInputException("No line is corrected.", "Correct one first.", "lines");
            }

            using var writer = new RowFileWriter(working);
            foreach (var item in CanonicalRows.Read(store.Open(source).RowsPath, cancellationToken))
            {
                writer.Add(item.Row.Json);
            }

            var index = 0;
            foreach (var bad in store.Open(source).BadAsync(cancellationToken).ToBlockingEnumerable(cancellationToken))
            {
                if (corrected.TryGetValue(index++, out var text))
                {
                    writer.Add(Parse(text, source.Shape, bad.Line).Json);
                }
                else
                {
                    writer.AddBad(bad);
                }
            }

            if (corrected.Keys.Any(key => key < 0 || key >= index))
            {
                throw new UserInputException($"Only {index} lines are kept aside.", "Open the page anew.", "lines");
            }

            var hash = writer.Complete();
            return new DatasetVersion
            {
                DatasetId = dataset.Id, Number = dataset.Latest.Number + 1, ContentHash = hash, Shape = source.Shape, Rows = writer.Rows, BadRows = writer.BadRows,
                Bytes = writer.Bytes, Source = $"{Figures.Of(corrected.Count, "line")} repaired by hand", Parent = source.Number, CreatedAt = clock.GetUtcNow(),
            };
        }, cancellationToken);
}
